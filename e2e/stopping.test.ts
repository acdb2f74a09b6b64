import { expect, it } from 'vitest';
import { balance, call } from './service/api.ts';
import { startService } from './service/service.ts';

it('a stop answers who waits, and then waits for no connection that could be used again', {
  timeout: 30_000,
}, async () => {
  const service = await startService();
  const { url } = service;
  const key = service.ready.account?.keys.test ?? '';
  const waiting = call('GET', `${url}/v1/handset/messages/next?wait=60`, { key });
  // Answered after it: so it has arrived.
  await balance(url, key);
  expect(await service.stop()).toBe(0);
  expect((await waiting).status).toBe(204);
});
