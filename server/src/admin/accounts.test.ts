import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { servedToOperator } from './rig.ts';

let served: Awaited<ReturnType<typeof servedToOperator>>;
beforeAll(async () => {
  served = await servedToOperator();
});
afterAll(() => served.close());

let logins = 0;
const wanted = (over: object = {}) => {
  const login = `someone${++logins}@example.org`;
  return { name: 'Acme', login, country: 'NP', timezone: 'Asia/Kathmandu', sms_credits: 10, voice_credits: 5, ...over };
};
const UNKNOWN = '00000000-0000-7000-8000-000000000000';

describe('the admin token', () => {
  it('is asked for on every path, and no account’s key is one', async () => {
    const { body } = await served.ask('POST /accounts', wanted());
    for (const key of [body.keys.live, body.keys.test, body.product_tokens.live, 'x']) {
      for (const line of ['GET /accounts', 'POST /accounts', 'GET /carriers', 'PUT /carriers/x', 'GET /nothing']) {
        const answer = await served.ask(line, line.startsWith('P') ? {} : undefined, {}, key);
        expect(answer, line).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
      }
    }
  });

  it('finds unknown paths and methods', async () => {
    expect(await served.ask('GET /nothing')).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await served.ask('DELETE /accounts')).toMatchObject({ status: 405, body: { code: 'method_not_allowed' } });
  });
});

describe('POST /accounts', () => {
  it('opens an account and shows its secrets once', async () => {
    const { login, ...rest } = wanted();
    const made = await served.ask('POST /accounts', { ...rest, login });
    expect(made.status).toBe(201);
    const { id, keys, user } = made.body;
    expect(made.body).toMatchObject({
      ...{ name: 'Acme', login, country: 'NP', timezone: 'Asia/Kathmandu', mode: 'test', disabled: false },
      ...{ keys: { test: expect.any(String), live: expect.any(String) }, created_at: '2026-01-31T10:00:00.000Z' },
      product_tokens: { test: expect.any(String), live: expect.any(String) },
    });
    expect(await served.rig.directory.byApiKey(keys.live)).toMatchObject({ account: { id } });
    expect(await served.rig.sessions.signIn(user.email, user.password)).not.toBeNull();
    const shown = await served.ask(`GET /accounts/${id}`);
    expect(shown.body.balance).toEqual({
      sms: { available: 10, held: 0, captured: 0, granted: 10 },
      voice: { available: 5, held: 0, captured: 0, granted: 5 },
    });
    expect(shown.text).not.toMatch(/pb_(test|live)_|password/);
  });

  it('does not repeat a password that was chosen', async () => {
    const made = await served.ask('POST /accounts', wanted({ password: 'correct horse' }));
    expect(made.status).toBe(201);
    expect(made.text).not.toContain('correct horse');
    expect(await served.rig.sessions.signIn(made.body.user.email, 'correct horse')).not.toBeNull();
  });

  it('names every fault at once, and a password in none', async () => {
    const answer = await served.ask('POST /accounts', {
      ...{ login: 'x', country: 'Nepal', timezone: 'Kathmandu', name: '', sms_credits: -1 },
      ...{ voice_credits: 1e12 + 1, password: 'hunter2' },
    });
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_request' } });
    expect(answer.body.errors.map(({ field }: { field: string }) => field)).toEqual([
      ...['sms_credits', 'voice_credits', 'login', 'name', 'country', 'timezone', 'password'],
    ]);
    expect(answer.text).not.toContain('hunter2');
    const odd = { ...{ name: '', login: 'x', country: 'ZZ', timezone: 'Nope' }, voice_credits: '1', sms_credits: 1.5 };
    const both = await served.ask('POST /accounts', { ...odd, foo: 1 });
    expect(both.body.errors.map(({ field }: { field: string }) => field)).toEqual([
      ...['foo', 'sms_credits', 'voice_credits', 'login', 'name', 'country', 'timezone'],
    ]);
    const unknown = await served.ask('POST /accounts', { ...wanted(), id: UNKNOWN, role: 'operator' });
    expect(unknown.body.errors.map(({ field }: { field: string }) => field)).toEqual(['id', 'role']);
  });

  it('takes a login as it is typed', async () => {
    const made = await served.ask('POST /accounts', wanted({ login: ' Typed@Example.org ' }));
    expect([made.status, made.body.login]).toEqual([201, 'typed@example.org']);
  });

  it('refuses a login that is taken', async () => {
    const body = wanted();
    await served.ask('POST /accounts', body);
    expect(await served.ask('POST /accounts', body)).toMatchObject({ status: 409, body: { code: 'conflict' } });
  });

  it('opens one account for one idempotency key', async () => {
    const body = wanted();
    const before = await served.rig.store.accounts.count();
    const answers = [];
    for (let i = 0; i < 2; i++) answers.push(await served.ask('POST /accounts', body, { 'idempotency-key': 'k1' }));
    expect(answers[1]?.body).toEqual(answers[0]?.body);
    expect(await served.rig.store.accounts.count()).toBe(before + 1);
  });
});

describe('PATCH /accounts/{id}', () => {
  it('changes what is named, and the directory sees it', async () => {
    const { body } = await served.ask('POST /accounts', wanted());
    const changed = await served.ask(`PATCH /accounts/${body.id}`, {
      ...{ name: 'Other', timezone: 'Asia/Kolkata', mode: 'live' },
      settings: { ttl_seconds: 120, account_limits: [{ count: 5, period_seconds: 60 }] },
    });
    expect(changed.body).toMatchObject({
      ...{ name: 'Other', country: 'NP', timezone: 'Asia/Kolkata', mode: 'live' },
      settings: { ttl_seconds: 120, reveal_seconds: 86_400, account_limits: [{ count: 5, period_seconds: 60 }] },
    });
    await served.rig.poll();
    const { account } = await served.rig.directory.byApiKey(body.keys.test);
    expect(account.settings.accountLimits).toEqual([{ count: 5, periodMs: 60_000 }]);
  });

  it('disables and enables', async () => {
    const { body } = await served.ask('POST /accounts', wanted());
    const line = `PATCH /accounts/${body.id}`;
    expect((await served.ask(line, { disabled: true })).body.disabled).toBe(true);
    const at = (await served.rig.store.accounts.get(body.id))?.disabledAt;
    await served.rig.poll();
    await expect(served.rig.directory.byApiKey(body.keys.test)).rejects.toThrow('forbidden');
    await served.ask(line, { disabled: true });
    expect((await served.rig.store.accounts.get(body.id))?.disabledAt).toBe(at);
    expect((await served.ask(line, { disabled: false })).body.disabled).toBe(false);
  });

  it.each<[object, string]>([
    [{ country: 'np' }, 'country'],
    [{ timezone: 'x' }, 'timezone'],
    [{ name: ' ' }, 'name'],
    [{ mode: 'both' }, 'mode'],
    [{ disabled: 1 }, 'disabled'],
    [{ login: 'new@example.com' }, 'login'],
    [{ settings: { ttl: 5 } }, 'settings.ttl'],
    [{ settings: { countries: ['XX'] } }, 'settings.countries.0'],
    [{ settings: { number_limits: [{ count: 1.5, period_seconds: 1 }] } }, 'settings.number_limits.0.count'],
    [{ settings: null }, 'settings'],
  ])('refuses %j', async (change, field) => {
    const { body } = await served.ask('POST /accounts', wanted());
    const answer = await served.ask(`PATCH /accounts/${body.id}`, change);
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ field }] } });
  });
});

describe('GET /accounts', () => {
  it('pages newest first', async () => {
    const made = [];
    for (let i = 0; i < 3; i++) made.unshift((await served.ask('POST /accounts', wanted())).body.id);
    const first = await served.ask('GET /accounts?limit=2');
    const second = await served.ask(`GET /accounts?limit=2&cursor=${first.body.next_cursor}`);
    const ids = [...first.body.data, ...second.body.data].map(({ id }: { id: string }) => id);
    expect(ids.slice(0, 3)).toEqual(made);
  });
});

describe('credits', () => {
  it('are granted and taken back, as the ledger shows', async () => {
    const { body } = await served.ask('POST /accounts', wanted());
    const line = `/accounts/${body.id}/credits`;
    const granted = await served.ask(`POST ${line}`, { pool: 'sms', amount: 90, note: 'invoice 7' });
    expect(granted).toMatchObject({ status: 201, body: { amount: 90, balance: { available: 100, granted: 100 } } });
    const taken = await served.ask(`POST ${line}`, { pool: 'sms', amount: -100 });
    expect(taken).toMatchObject({ status: 201, body: { note: null, balance: { available: 0 } } });
    const refused = await served.ask(`POST ${line}`, { pool: 'voice', amount: -6 });
    expect(refused).toMatchObject({
      status: 402,
      body: { code: 'credits_exhausted', detail: '1 more voice credits are needed.' },
    });
    const ledger = await served.ask(`GET ${line}?limit=2`);
    expect(ledger.body.data).toMatchObject([{ amount: -100 }, { amount: 90, note: 'invoice 7' }]);
    expect(ledger.body.next_cursor).not.toBeNull();
  });

  it('are granted once for one idempotency key, however often it is asked at once', async () => {
    const { body } = await served.ask('POST /accounts', wanted());
    const ask = () =>
      served.ask(`POST /accounts/${body.id}/credits`, { pool: 'sms', amount: 1 }, { 'idempotency-key': 'g1' });
    const statuses = new Set((await Promise.all(Array.from({ length: 10 }, ask))).map(({ status }) => status));
    expect([...statuses].every((status) => status === 201 || status === 409)).toBe(true);
    expect((await ask()).status).toBe(201);
    expect((await served.rig.store.credits.balances(body.id)).sms.granted).toBe(11);
  });

  it.each<[object, string]>([
    [{ pool: 'sms', amount: 0 }, 'amount'],
    [{ pool: 'sms', amount: 1.5 }, 'amount'],
    [{ pool: 'sms', amount: '1' }, 'amount'],
    [{ pool: 'sms', amount: 1e13 }, 'amount'],
    [{ pool: 'mms', amount: 1 }, 'pool'],
    [{ pool: 'sms', amount: 1, note: 'x'.repeat(201) }, 'note'],
  ])('refuse %j', async (grant, field) => {
    const { body } = await served.ask('POST /accounts', wanted());
    const answer = await served.ask(`POST /accounts/${body.id}/credits`, grant);
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ field }] } });
  });

  it('say that a note holds no control character', async () => {
    const { body } = await served.ask('POST /accounts', wanted());
    const answer = await served.ask(`POST /accounts/${body.id}/credits`, { pool: 'sms', amount: 1, note: 'a\u0000b' });
    const message = 'must have at most 200 characters, none of them a control character';
    expect(answer.body.errors).toEqual([{ field: 'note', message }]);
  });
});

it.each([UNKNOWN, 'x', "'; drop table accounts", '%00'])('the account %j is not there', async (id) => {
  const path = `/accounts/${encodeURIComponent(id)}`;
  const lines: [string, object?][] = [
    [`GET ${path}`],
    [`PATCH ${path}`, { name: 'x' }],
    [`GET ${path}/credits`],
    [`POST ${path}/credits`, { pool: 'sms', amount: 1 }],
  ];
  for (const [line, body] of lines) {
    expect(await served.ask(line, body), line).toMatchObject({ status: 404, body: { code: 'not_found' } });
  }
});
