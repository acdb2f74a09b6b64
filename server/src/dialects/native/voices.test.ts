import { afterAll, beforeAll, expect, it } from 'vitest';
import { findVoice, VOICE_LANGUAGES } from '../../voice/voices.ts';
import { servedNatively } from './rig.ts';

let served: Awaited<ReturnType<typeof servedNatively>>;
beforeAll(async () => {
  served = await servedNatively();
});
afterAll(() => served.close());

it('lists every voice, each of which can be asked for', async () => {
  const { keys } = (await served.rig.account()).account;
  const { status, body } = await served.ask(keys.test, 'GET /v1/voices');
  expect([status, Object.keys(body), body.next_cursor]).toEqual([200, ['data', 'next_cursor'], null]);
  expect(body.data).toContainEqual({
    ...{ name: 'np_prashanna', language: 'ne-NP', gender: 'male', number: 1, display_name: 'Prashanna' },
  });
  expect(new Set(body.data.map(({ language }: { language: string }) => language))).toEqual(
    new Set(VOICE_LANGUAGES.keys()),
  );
  for (const { name, language, gender, number } of body.data) {
    expect(findVoice({ language, gender, number })).toMatchObject({ voice: { name }, warning: null });
  }
});

it('wants a key', async () => {
  expect((await served.ask('x', 'GET /v1/voices')).status).toBe(401);
});
