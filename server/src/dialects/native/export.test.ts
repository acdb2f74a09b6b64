import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { request } from '../../store/contract/samples.ts';
import { servedNatively } from './rig.ts';

let served: Awaited<ReturnType<typeof servedNatively>>;
beforeAll(async () => {
  served = await servedNatively();
});
afterAll(() => served.close());

/** `count` messages of an account, one a second, to +9779851000000 and up. */
async function send(accountId: string, count: number, over: Parameters<typeof request>[1] = {}) {
  const { clock, ids, store, vault } = served.rig;
  const batch = Array.from({ length: count }, (_, i) => {
    clock.advance(1000);
    const otpId = ids();
    const e164 = `+${9779851000000 + i}`;
    const place = { account: accountId, row: otpId, column: 'number' } as const;
    const numberSealed = vault.seal(place, JSON.stringify({ e164, asSent: e164 }));
    return request(accountId, { otpId, deliveryId: ids(), numberSealed, createdAt: clock.now(), ...over });
  });
  await store.accept(batch, 'me', clock.now());
  return batch;
}
const lines = (text: string) => text.split('\r\n');

describe('an export', () => {
  it('of messages is CSV with a name, newest first, of the key’s mode', async () => {
    const { account } = await served.rig.account();
    const sent = await send(account.id, 2);
    await send(account.id, 1, { mode: 'test' });
    const answer = await served.ask(account.keys.live, 'GET /v1/export?what=messages');
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8; header=present');
    expect(answer.headers['content-disposition']).toBe('attachment; filename="passbell-messages-2026-01-31.csv"');
    const at = (i: number) => new Date(sent[i]?.createdAt ?? 0).toISOString();
    expect(lines(answer.text)).toEqual([
      'id,created_at,verification,to,dialect,state,reason,carrier,segments,credits,submitted_at,ended_at',
      `msg_${sent[1]?.deliveryId},${at(1)},,'+9779851000001,tingting,queued,,,1,1,,`,
      `msg_${sent[0]?.deliveryId},${at(0)},,'+9779851000000,tingting,queued,,,1,1,,`,
      '',
    ]);
    const test = await served.ask(account.keys.test, 'GET /v1/export?what=messages');
    expect(lines(test.text)).toHaveLength(3);
  });

  it('shows numbers only while they are kept', async () => {
    const { account } = await served.rig.account();
    await send(account.id, 1);
    const now = served.rig.clock.now();
    await served.rig.store.retention.eraseNumbers(account.id, now + 1, now + 1, 10);
    const { text } = await served.ask(account.keys.live, 'GET /v1/export?what=messages');
    expect(lines(text)[1]).toMatch(/^msg_[^,]+,[^,]+,,,tingting,/);
  });

  it('can be of a time', async () => {
    const { account } = await served.rig.account();
    const sent = await send(account.id, 5);
    const at = (i: number) => encodeURIComponent(new Date(sent[i]?.createdAt ?? 0).toISOString());
    const query = `what=messages&created_after=${at(1)}&created_before=${at(3)}`;
    const { text } = await served.ask(account.keys.live, `GET /v1/export?${query}`);
    expect(
      lines(text)
        .slice(1, -1)
        .map((line) => line.split(',')[0]),
    ).toEqual([`msg_${sent[2]?.deliveryId}`, `msg_${sent[1]?.deliveryId}`]);
  });

  it('of credits keeps a hostile note a text', async () => {
    const { rig } = served;
    const { account } = await rig.account();
    const grant = { accountId: account.id, id: rig.ids(), pool: 'sms', amount: -5, at: rig.clock.now() } as const;
    await rig.store.credits.grant({ ...grant, note: '=HYPERLINK("http://x","y")' });
    const { text } = await served.ask(account.keys.live, 'GET /v1/export?what=credits');
    const time = new Date(grant.at).toISOString();
    expect(lines(text)[0]).toBe('created_at,kind,pool,amount,subject,note');
    expect(lines(text)[1]).toBe(`${time},grant,sms,-5,${grant.id},"'=HYPERLINK(""http://x"",""y"")"`);
  });

  it('of calls has the record of each', async () => {
    const { account } = await served.rig.account();
    const call = { caller: '+977014000000', anonymous: false, instructionId: '@them', spokenMs: 9_500 };
    const voice = { channel: 'voice', pool: 'voice', segments: 0 } as const;
    await send(account.id, 1, { ...voice, call: { ...call, callbackSealed: null, warnings: [] } });
    const { text } = await served.ask(account.keys.live, 'GET /v1/export?what=calls');
    const [head = '', row = ''] = lines(text);
    const told = Object.fromEntries(head.split(',').map((name, i) => [name, row.split(',')[i]]));
    expect(told).toMatchObject({
      ...{ to: "'+9779851000000", from: "'+977014000000", anonymous: 'false', instruction_id: "'@them" },
      ...{ state: 'queued', spoken_seconds: '9.5', credits: '0', answered_at: '' },
    });
  });

  it.each([
    ['', 'what'],
    ['what=secrets', 'what'],
    ['what=calls&created_after=yesterday', 'created_after'],
    ['what=calls&limit=5', 'limit'],
  ])('refuses %j and names the field', async (query, field) => {
    const { account } = await served.rig.account();
    const answer = await served.ask(account.keys.live, `GET /v1/export?${query}`);
    expect([answer.status, answer.body.errors[0].field]).toEqual([422, field]);
  });

  it('reads no page before the client has taken the one before it, and none once it has gone', async () => {
    let pages = 0;
    const slow = await servedNatively(({ store }) => ({
      store: {
        ...store,
        exports: {
          ...store.exports,
          async credits(accountId) {
            pages += 1;
            const entry = { accountId, kind: 'grant', pool: 'sms', amount: 1, note: 'n'.repeat(200), at: 0 } as const;
            return Array.from({ length: 500 }, (_, i) => ({ ...entry, subject: `${pages}-${i}` }));
          },
        },
      },
    }));
    const { account } = await slow.rig.account();
    const url = await slow.app.listen({ host: '127.0.0.1', port: 0 });
    const headers = { authorization: `Bearer ${account.keys.live}` };
    const response = await fetch(`${url}/v1/export?what=credits`, { headers });
    const reader = response.body?.getReader();
    // Endless: it would fill the memory of whoever did not wait.
    let octets = 0;
    while (octets < 5_000_000) octets += (await reader?.read())?.value?.length ?? 0;
    const perPage = 500 * 250;
    // What the sockets hold of it, on both ends, is a few megabytes.
    expect(pages).toBeLessThan((octets + 16_000_000) / perPage);
    await reader?.cancel();
    const gone = pages;
    await new Promise((resolve) => setImmediate(resolve));
    await slow.close();
    expect(pages - gone).toBeLessThan(100);
  });
});
