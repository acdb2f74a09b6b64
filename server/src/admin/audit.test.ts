import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operatorActs } from './acts.ts';
import { servedToOperator } from './rig.ts';
import { adminPaths } from './routes.ts';

let served: Awaited<ReturnType<typeof servedToOperator>>;
beforeAll(async () => {
  served = await servedToOperator();
});
afterAll(() => served.close());

describe('the audit log', () => {
  it('is said of every operation of the operator’s that changes something', () => {
    const deps = served.rig as unknown as Parameters<typeof adminPaths>[0];
    const changing = Object.entries(adminPaths(deps)).filter(([line]) => !line.startsWith('GET '));
    const ids = changing.map(([, { id }]) => id);
    expect(ids.filter((id) => !(id in operatorActs))).toEqual([]);
    expect(Object.keys(operatorActs).filter((id) => !ids.includes(id))).toEqual([]);
  });

  it('shows what the operator did, newest first and page by page, and filters it', async () => {
    const login = 'audited@example.com';
    const made = await served.ask('POST /accounts', { name: 'x', login, country: 'NP', timezone: 'UTC' });
    const { id } = made.body;
    await served.ask(`PATCH /accounts/${id}`, { mode: 'live', settings: { reveal_seconds: 60 } });
    await served.ask(`POST /accounts/${id}/credits`, { pool: 'sms', amount: 7, note: '+9779851023212' });
    const carrier = { kind: 'smpp', host: '127.0.0.1', port: 2775, system_id: 's', password: 'secret12' };
    await served.ask('PUT /carriers/kannel', carrier);
    await served.ask('DELETE /carriers/kannel');
    await served.ask('DELETE /carriers/kannel');

    const all = await served.ask('GET /audit');
    expect(all.status).toBe(200);
    const told = all.body.data.map(({ action, object, account, detail }: Record<string, unknown>) => {
      return [action, object, account, detail];
    });
    expect(told).toEqual([
      ['carrier.remove', { type: 'carrier', id: 'kannel' }, null, {}],
      ['carrier.put', { type: 'carrier', id: 'kannel' }, null, {}],
      ['credits.grant', { type: 'account', id }, id, { pool: 'sms', amount: 7 }],
      ['account.change', { type: 'account', id }, id, { fields: 'mode,settings' }],
      ['account.create', { type: 'account', id }, id, {}],
    ]);
    expect(all.text).not.toMatch(/9851023212|secret12/);
    for (const { actor } of all.body.data) expect(actor).toMatch(/^admin_token:[0-9a-f-]{36}$/);

    const first = await served.ask('GET /audit?limit=2');
    const second = await served.ask(`GET /audit?limit=2&cursor=${first.body.next_cursor}`);
    expect([...first.body.data, ...second.body.data]).toEqual(all.body.data.slice(0, 4));
    const own = await served.ask(`GET /audit?account=${id}&action=credits.grant`);
    expect(own.body.data).toEqual([all.body.data[2]]);
    expect((await served.ask('GET /audit?created_before=2020-01-01T00:00:00Z')).body.data).toEqual([]);
  });

  it('refuses the cursor of another list', async () => {
    for (const name of ['a', 'b']) {
      const login = `${name}@cursor.example`;
      await served.ask('POST /accounts', { name, login, country: 'NP', timezone: 'UTC' });
    }
    const { next_cursor: foreign } = (await served.ask('GET /accounts?limit=1')).body;
    const { status, body } = await served.ask(`GET /audit?cursor=${foreign}`);
    expect([status, body.errors[0].field]).toEqual([422, 'cursor']);
    const { data, next_cursor: own } = (await served.ask('GET /audit?limit=1')).body;
    expect(data).toHaveLength(1);
    const filtered = await served.ask(`GET /audit?cursor=${own}&created_before=2020-01-01T00:00:00Z`);
    expect([filtered.status, filtered.body.data]).toEqual([200, []]);
  });

  it.each(['action=all', 'account=me', 'created_after=now', 'cursor=x', 'whose=me'])('refuses %j', async (query) => {
    const { status, body } = await served.ask(`GET /audit?${query}`);
    expect([status, body.errors[0].field]).toEqual([422, query.split('=')[0]]);
  });
});

describe('an erasure by the operator', () => {
  it('tells what went, and is written down without the number', async () => {
    const { account } = await served.rig.account();
    const erased = await served.ask(`POST /accounts/${account.id}/erasures`, { to: '985-1023212' });
    expect([erased.status, erased.body]).toEqual([
      200,
      { canceled: 0, sends: 0, verifications: 0, calls: 0, handset_messages: 0, handset_calls: 0 },
    ]);
    const { body } = await served.ask(`GET /audit?account=${account.id}`);
    expect(body.data).toMatchObject([{ action: 'number.erase', detail: { sends: 0 } }]);
    expect(JSON.stringify(body)).not.toContain('1023212');
    const wrong = await served.ask(`POST /accounts/${account.id}/erasures`, { to: 'nobody' });
    expect([wrong.status, wrong.body.errors[0].field]).toEqual([422, 'to']);
    const all = await served.ask(`POST /accounts/${account.id}/erasures`, { to: 'nobody', from: 'x' });
    expect(all.body.errors.map(({ field }: { field: string }) => field)).toEqual(['from', 'to']);
    const unknown = await served.ask('POST /accounts/00000000-0000-7000-8000-000000000000/erasures', {
      to: '9851023212',
    });
    expect(unknown.status).toBe(404);
  });
});
