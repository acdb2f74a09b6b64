import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NUMBER, PLAIN, servedVerifications } from './rig.ts';

type Served = Awaited<ReturnType<typeof servedVerifications>>;
let served: Served;
beforeAll(async () => {
  served = await servedVerifications();
});
afterAll(() => served.close());

describe('GET /v1/verifications', () => {
  it('lists the newest first, a page at a time, each once though more come', async () => {
    const { post, get } = await served.caller();
    const made: string[] = [];
    for (let i = 0; i < 5; i += 1) {
      made.unshift((await post('', PLAIN)).body.id);
      served.rig.clock.advance(i % 2);
    }
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await get(`/verifications?limit=2${cursor}`);
      seen.push(...body.data.map(({ id }: { id: string }) => id));
      cursor = body.next_cursor === null ? '' : `&cursor=${body.next_cursor}`;
      await post('', PLAIN);
    } while (cursor !== '');
    expect(seen).toEqual(made);
  });

  it('lists by number, status and time, and leaves out what is not filled in', async () => {
    const { post, get, keys } = await served.caller();
    const ids = async (query: string) =>
      (await get(`/verifications?${query}`)).body.data.map(({ id }: { id: string }) => id);
    const old = (await post('', { ...PLAIN, ttl: 60 })).body;
    served.rig.clock.advance(60_000);
    const other = (await post('', { ...PLAIN, to: '+9779851023213' })).body;
    const canceled = (await post('', PLAIN)).body;
    await post(`/${canceled.id}/cancel`);
    await served.ask(keys.live, 'POST /v1/verifications', PLAIN);

    expect(await ids('to=&status=&created_after=')).toEqual([canceled.id, other.id, old.id]);
    expect(await ids(`to=${encodeURIComponent(NUMBER)}`)).toEqual([canceled.id, old.id]);
    expect(await ids('to=985-1023213')).toEqual([other.id]);
    // Nobody has looked at it since, and it has expired all the same.
    expect(await ids('status=expired')).toEqual([old.id]);
    expect(await ids('status=pending')).toEqual([other.id]);
    expect(await ids(`created_after=${other.created_at}`)).toEqual([canceled.id, other.id]);
    expect(await ids(`created_before=${other.created_at}`)).toEqual([old.id]);
    expect(await ids(`created_after=${other.created_at}&status=approved`)).toEqual([]);
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=-1', 'limit'],
    ['limit=1000000000', 'limit'],
    ['limit=1e18', 'limit'],
    ['cursor=x', 'cursor'],
    ['page=1', 'page'],
    ['to=1', 'to'],
    ['to=a&to=b', 'to'],
    ['status=done', 'status'],
    ['created_after=2026-02-31', 'created_after'],
    ['created_before=yesterday', 'created_before'],
    ['account_id=x', 'account_id'],
  ])('refuses %s', async (query, field) => {
    const { get } = await served.caller();
    const { status, body } = await get(`/verifications?${query}`);
    expect([status, body.errors]).toMatchObject([422, [{ field }]]);
  });

  it('shows to a test key what another dialect began, though nothing can be done to it here', async () => {
    const { account, post, get } = await served.caller();
    const request = served.rig.request(account, { dialect: 'octopush' });
    const id = `ver_${(await served.rig.start(request)).id}`;
    expect((await get('/verifications')).body.data).toMatchObject([{ id, dialect: 'octopush' }]);
    expect((await get(`/verifications/${id}`)).body).toMatchObject({
      id,
      to: NUMBER,
      status: 'pending',
      resend_at: null,
    });
    expect((await post(`/${id}/check`, { code: '012345' })).status).toBe(404);
    expect((await post(`/${id}/cancel`)).status).toBe(404);
  });
});
