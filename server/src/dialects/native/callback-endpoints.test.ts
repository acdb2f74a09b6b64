import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { servedNatively } from './rig.ts';

let served: Awaited<ReturnType<typeof servedNatively>>;
beforeAll(async () => {
  served = await servedNatively();
});
afterAll(() => served.close());

const opened = async () => (await served.rig.account()).account;
const time = (ms: number) => new Date(ms).toISOString();
const URL = 'https://shop.example/hook?t=1';

async function made(key: string, body: object = { url: URL }) {
  const answer = await served.ask(key, 'POST /v1/callbacks', body);
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
}

describe('a callback endpoint', () => {
  it('is made with a secret that this answer shows', async () => {
    const { keys } = await opened();
    const endpoint = await made(keys.live);
    const { secret, ...shown } = endpoint;
    const now = time(served.rig.clock.now());
    expect(shown).toEqual({
      ...{ id: expect.stringMatching(/^cb_[0-9a-f-]{36}$/), mode: 'live', url: URL, description: '', events: ['*'] },
      ...{ state: 'enabled', reason: null, created_at: now, updated_at: now },
    });
    expect(secret).toMatch(/^whsec_/);
    expect((await served.ask(keys.live, `GET /v1/callbacks/${shown.id}`)).body).toEqual(shown);
    expect((await served.ask(keys.live, `GET /v1/callbacks/${shown.id}/secrets`)).body).toEqual({
      data: [{ secret, created_at: now, expires_at: null }],
    });
  });

  it('is listed, changed and removed', async () => {
    const { keys } = await opened();
    const [first, second] = [await made(keys.test), await made(keys.test, { url: URL, events: ['call.finished'] })];
    const listed = async (query = '') => (await served.ask(keys.test, `GET /v1/callbacks${query}`)).body;
    expect((await listed()).data.map(({ id }: { id: string }) => id)).toEqual([second.id, first.id]);
    const page = await listed('?limit=1');
    expect((await listed(`?cursor=${page.next_cursor}`)).data.map(({ id }: { id: string }) => id)).toEqual([first.id]);
    served.rig.clock.advance(1);
    const wish = { description: 'The shop', events: ['verification.approved', 'message.sent'], state: 'disabled' };
    const changed = await served.ask(keys.test, `PATCH /v1/callbacks/${first.id}`, wish);
    const { secret, ...before } = first;
    expect(changed).toMatchObject({ status: 200 });
    expect(changed.body).toEqual({
      ...{ ...before, ...wish, reason: 'switched_off', updated_at: time(served.rig.clock.now()) },
    });
    const enabled = await served.ask(keys.test, `PATCH /v1/callbacks/${first.id}`, { state: 'enabled' });
    expect(enabled.body).toMatchObject({ state: 'enabled', reason: null, description: 'The shop' });
    expect(await served.ask(keys.test, `DELETE /v1/callbacks/${first.id}`)).toMatchObject({ status: 204, text: '' });
    expect(await served.ask(keys.test, `DELETE /v1/callbacks/${first.id}`)).toMatchObject({ status: 404 });
    expect((await listed()).data).toHaveLength(1);
  });

  it.each([
    [{}, 'url'],
    [{ url: 'ftp://shop.example/' }, 'url'],
    [{ url: 'http://127.0.0.1/' }, 'url'],
    [{ url: 7 }, 'url'],
    [{ url: URL, events: [] }, 'events'],
    [{ url: URL, events: ['*', 'message.sent'] }, 'events'],
    [{ url: URL, events: ['message.sent', 'message.sent'] }, 'events'],
    [{ url: URL, events: ['ping'] }, 'events.0'],
    [{ url: URL, events: ['message.read'] }, 'events.0'],
    [{ url: URL, description: 'x'.repeat(201) }, 'description'],
    [{ url: URL, description: 'a\u0000b' }, 'description'],
    [{ url: URL, state: 'gone' }, 'state'],
    [{ url: URL, secret: 'whsec_mine' }, 'secret'],
  ])('%j is refused, and %s named', async (body, field) => {
    const { keys } = await opened();
    const refused = await served.ask(keys.test, 'POST /v1/callbacks', body);
    expect(refused).toMatchObject({ status: 422, body: { code: 'invalid_request', errors: [{ field }] } });
    expect(refused.text).not.toContain('127.0.0.1');
    expect((await served.ask(keys.test, 'GET /v1/callbacks')).body.data).toEqual([]);
  });

  it('has a URL that is not too long, and says how long it may be', async () => {
    const { keys } = await opened();
    const { body } = await served.ask(keys.test, 'POST /v1/callbacks', { url: `${URL}/${'x'.repeat(2_048)}` });
    expect(body.errors).toEqual([{ field: 'url', message: 'must be a URL of at most 2048 characters' }]);
  });

  it('is of the mode of its key, and unknown to the other, and to other accounts', async () => {
    const [{ keys }, { keys: theirs }] = [await opened(), await opened()];
    const { id } = await made(keys.live);
    for (const key of [keys.test, theirs.live]) {
      expect((await served.ask(key, 'GET /v1/callbacks')).body.data).toEqual([]);
      for (const line of [
        `GET /v1/callbacks/${id}`,
        `PATCH /v1/callbacks/${id}`,
        `DELETE /v1/callbacks/${id}`,
        `POST /v1/callbacks/${id}/ping`,
        `GET /v1/callbacks/${id}/secrets`,
        `POST /v1/callbacks/${id}/secrets`,
      ]) {
        const body = line.startsWith('PATCH') ? {} : undefined;
        expect(await served.ask(key, line, body), line).toMatchObject({ status: 404, body: { code: 'not_found' } });
      }
    }
    expect(await served.ask(keys.live, 'GET /v1/callbacks/cb_1')).toMatchObject({ status: 404 });
    expect(await served.ask(keys.live, `GET /v1/callbacks/${id}`)).toMatchObject({ status: 200 });
  });

  it('is one of ten at the most', async () => {
    const { keys } = await opened();
    for (let i = 0; i < 10; i += 1) await made(keys.test);
    expect(await served.ask(keys.test, 'POST /v1/callbacks', { url: URL })).toMatchObject({
      ...{ status: 409, body: { detail: '"callback" would be one too many: remove an endpoint first.' } },
    });
  });

  it('is made once for each Idempotency-Key, with one secret', async () => {
    const { keys } = await opened();
    const make = () => served.ask(keys.test, 'POST /v1/callbacks', { url: URL }, { 'idempotency-key': 'k' });
    const first = await make();
    expect(await make()).toMatchObject({ body: first.body, headers: { 'idempotent-replayed': 'true' } });
    expect((await served.ask(keys.test, 'GET /v1/callbacks')).body.data).toHaveLength(1);
  });

  it('has a new secret drawn, its old one beside it, and nobody else’s changed', async () => {
    const { keys } = await opened();
    const [one, two] = [await made(keys.test), await made(keys.test)];
    const secrets = async (path: string) =>
      (await served.ask(keys.test, `GET /v1/callbacks${path}/secrets`)).body.data.map(
        ({ secret }: { secret: string }) => secret,
      );
    const own = await secrets('');
    const rotated = await served.ask(keys.test, `POST /v1/callbacks/${one.id}/secrets`);
    expect(rotated).toMatchObject({ status: 200, body: { data: [{ expires_at: null }, { secret: one.secret }] } });
    expect(await secrets(`/${one.id}`)).toEqual([rotated.body.data[0].secret, one.secret]);
    expect([await secrets(`/${two.id}`), await secrets('')]).toEqual([[two.secret], own]);
  });
});
