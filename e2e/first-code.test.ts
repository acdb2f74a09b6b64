import { expect, it } from 'vitest';
import { call, sendText } from './service/api.ts';
import { eventually } from './service/eventually.ts';
import { startService, temporaryFolder } from './service/service.ts';

interface Inbox {
  readonly data: readonly { readonly text: string; readonly to: string; readonly segments: number }[];
}

it('with nothing configured, a first code is in the sandbox phone, and stays through a restart', async () => {
  const data = temporaryFolder();
  const first = await startService({ data });
  const key = first.ready.account?.keys.test ?? '';
  expect(key).toMatch(/^pb_test_/);

  const sent = await sendText(first.url, key, '9851023212', 'Your code is {otp}');
  expect(sent).toMatchObject({ status: 200, body: { success: true, message: 'OTP Sent Successfully.' } });
  const messages = await eventually(
    () => call<Inbox>('GET', `${first.url}/v1/handset/messages`, { key }),
    ({ body }) => body.data.length > 0,
  );
  expect(messages.body.data[0]).toMatchObject({
    to: '+9779851023212',
    text: `Your code is ${sent.body.data.details?.otp}`,
    segments: 1,
  });
  expect(await first.stop()).toBe(0);

  const second = await startService({ data });
  expect(second.ready.account).toBeUndefined();
  expect(second.ready.admin_token).toBeUndefined();
  const kept = await call<Inbox>('GET', `${second.url}/v1/handset/messages`, { key });
  expect(kept.body.data).toHaveLength(1);
  expect(await second.stop()).toBe(0);
});

it('refuses a second service on the same data, and says so', async () => {
  const data = temporaryFolder();
  const one = await startService({ data });
  await expect(startService({ data })).rejects.toThrow(/another|already/i);
  await one.stop();
});

it('reports every fault of its configuration at once', async () => {
  const args = ['--log-level', 'loud', '--drain-seconds', 'x'];
  await expect(startService({ args, env: { PASSBELL_DATBASE_URL: 'x' } })).rejects.toThrow(
    /--log-level[\s\S]*--drain-seconds[\s\S]*PASSBELL_DATBASE_URL/,
  );
});
