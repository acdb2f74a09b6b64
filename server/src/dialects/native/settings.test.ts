import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostileUrls } from '../../callbacks/hostile-urls.ts';
import { servedNatively } from './rig.ts';

let served: Awaited<ReturnType<typeof servedNatively>>;
beforeAll(async () => {
  served = await servedNatively();
});
afterAll(() => served.close());

const opened = async () => (await served.rig.account()).account;

describe('/v1/settings', () => {
  it('shows the defaults, changes what is named and keeps the rest', async () => {
    const { keys, id } = await opened();
    const defaults = await served.ask(keys.test, 'GET /v1/settings');
    expect(defaults.body).toEqual({
      ...{ require_company_name: false, sender: null, senders: [], default_voice: 'np_rija' },
      address_limits: [
        { count: 20, period_seconds: 3600 },
        { count: 100, period_seconds: 86_400 },
      ],
      ...{ reveal_seconds: 86_400, ttl_seconds: 300, account_limits: [], country_limits: [], callback_url: null },
      countries: null,
      number_limits: [
        { count: 3, period_seconds: 600 },
        { count: 5, period_seconds: 3_600 },
        { count: 10, period_seconds: 86_400 },
      ],
    });
    const change = { number_limits: [], ttl_seconds: 60, countries: ['NP', 'IN'], sender: 'Acme' };
    const changed = await served.ask(keys.test, 'PATCH /v1/settings', change);
    expect(changed).toMatchObject({ status: 200, body: { ...defaults.body, ...change } });
    expect((await served.ask(keys.test, 'GET /v1/settings')).body).toEqual(changed.body);
    expect((await served.rig.store.accounts.get(id))?.settings).toMatchObject({ ttlSeconds: 60, numberLimits: [] });
  });

  it.each<[object, string]>([
    [{ ttl_seconds: 29 }, 'ttl_seconds'],
    [{ ttl_seconds: 60.5 }, 'ttl_seconds'],
    [{ ttl_seconds: '60' }, 'ttl_seconds'],
    [{ reveal_seconds: -1 }, 'reveal_seconds'],
    [{ reveal_seconds: 1e9 }, 'reveal_seconds'],
    [{ sender: 'much too long for it' }, 'sender'],
    [{ sender: 'a\r\nX' }, 'sender'],
    [{ senders: ['Acme', '!'] }, 'senders.1'],
    [{ senders: ['Acme', 'Acme'] }, 'senders'],
    [{ default_voice: 'np_rija/../../x' }, 'default_voice'],
    [{ countries: ['NP', 'XX'] }, 'countries.1'],
    [{ countries: ['*', 'NP'] }, 'countries.0'],
    [{ number_limits: [{ count: 0, period_seconds: 60 }] }, 'number_limits.0.count'],
    [{ number_limits: [{ count: 1, period_seconds: 0.5 }] }, 'number_limits.0.period_seconds'],
    [{ account_limits: [{ count: 1 }] }, 'account_limits.0.period_seconds'],
    [{ account_limits: null }, 'account_limits'],
    [{ requireCompanyName: true }, 'requireCompanyName'],
  ])('refuses %j and changes nothing', async (change, field) => {
    const { keys } = await opened();
    const before = await served.ask(keys.live, 'GET /v1/settings');
    const answer = await served.ask(keys.live, 'PATCH /v1/settings', { require_company_name: true, ...change });
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_request', errors: [{ field }] } });
    expect((await served.ask(keys.live, 'GET /v1/settings')).body).toEqual(before.body);
  });

  it('take a callback URL as it was written, and take it back', async () => {
    const { keys, id } = await opened();
    const url = 'https://Example.com/cb?token=1';
    const set = await served.ask(keys.test, 'PATCH /v1/settings', { callback_url: url });
    expect(set).toMatchObject({ status: 200, body: { callback_url: url } });
    expect((await served.rig.store.accounts.get(id))?.settings.callbackUrl).toBe(url);
    await served.ask(keys.test, 'PATCH /v1/settings', { ttl_seconds: 60 });
    expect((await served.ask(keys.test, 'GET /v1/settings')).body.callback_url).toBe(url);
    const unset = await served.ask(keys.test, 'PATCH /v1/settings', { callback_url: null });
    expect(unset).toMatchObject({ status: 200, body: { callback_url: null } });
  });

  it('refuse every callback URL that leads elsewhere, with a cure, and without repeating it', async () => {
    const { keys, id } = await opened();
    for (const callback_url of [...hostileUrls(8080), 7, {}, ['https://example.com/']]) {
      const answer = await served.ask(keys.test, 'PATCH /v1/settings', { callback_url });
      expect(answer).toMatchObject({ status: 422, body: { errors: [{ field: 'callback_url' }] } });
      expect(answer.body.errors).toHaveLength(1);
      if (`${callback_url}`.length > 20) expect(answer.text).not.toContain(callback_url);
    }
    expect((await served.rig.store.accounts.get(id))?.settings.callbackUrl).toBeNull();
  });

  it('take no voice that there is not', async () => {
    const { keys } = await opened();
    const wish = (default_voice: string) => served.ask(keys.live, 'PATCH /v1/settings', { default_voice });
    expect(await wish('xx_nobody')).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'default_voice', message: expect.stringContaining('np_rija, np_') }] },
    });
    expect((await wish('np_binod')).body).toMatchObject({ default_voice: 'np_binod' });
  });

  it('name the most characters of a URL', async () => {
    const { keys } = await opened();
    const callback_url = `https://example.com/${'x'.repeat(2_048)}`;
    const { body } = await served.ask(keys.live, 'PATCH /v1/settings', { callback_url });
    expect(body.errors).toMatchObject([{ field: 'callback_url', message: expect.stringContaining('2048') }]);
  });

  it('are out of a test key’s reach once the account is live', async () => {
    const { keys, id } = await opened();
    await served.rig.store.accounts.patch(id, { mode: 'live' });
    await served.rig.poll();
    for (const line of ['PATCH /v1/settings', 'POST /v1/senders', 'DELETE /v1/senders/Acme']) {
      const sender = line.startsWith('POST') ? { sender: 'Acme' } : undefined;
      const body = line.startsWith('PATCH') ? { number_limits: [] } : sender;
      expect(await served.ask(keys.test, line, body)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    }
    expect((await served.ask(keys.live, 'PATCH /v1/settings', { number_limits: [] })).status).toBe(200);
  });
});

describe('/v1/senders', () => {
  it('adds, lists and removes', async () => {
    const { keys } = await opened();
    const ask = (line: string, body?: object) => served.ask(keys.live, line, body);
    expect(await ask('POST /v1/senders', { sender: 'Acme Bank' })).toMatchObject({
      status: 201,
      body: { sender: 'Acme Bank' },
    });
    expect((await ask('POST /v1/senders', { sender: '+9779851023212' })).status).toBe(201);
    expect(await ask('POST /v1/senders', { sender: 'Acme Bank' })).toMatchObject({
      status: 409,
      body: { code: 'conflict' },
    });
    expect((await ask('GET /v1/senders')).body).toEqual({
      data: [{ sender: 'Acme Bank' }, { sender: '+9779851023212' }],
      next_cursor: null,
    });
    expect((await ask('DELETE /v1/senders/Acme%20Bank')).status).toBe(204);
    expect((await ask('DELETE /v1/senders/Acme%20Bank')).status).toBe(404);
    expect((await ask('DELETE /v1/senders/%2B9779851023212')).status).toBe(204);
    expect((await ask('GET /v1/senders')).body.data).toEqual([]);
  });

  it('keeps all that are added at once', async () => {
    const { keys } = await opened();
    const names = Array.from({ length: 20 }, (_, i) => `Sender${i}`);
    await Promise.all(names.map((sender) => served.ask(keys.live, 'POST /v1/senders', { sender })));
    expect((await served.ask(keys.live, 'GET /v1/senders')).body.data).toHaveLength(20);
  });

  it('does not remove the default sender under whoever relies on it', async () => {
    const { keys } = await opened();
    await served.ask(keys.live, 'PATCH /v1/settings', { sender: 'Acme', senders: ['Acme'] });
    expect((await served.ask(keys.live, 'DELETE /v1/senders/Acme')).status).toBe(409);
  });

  it('does not see, nor remove, a foreign one', async () => {
    const [mine, theirs] = [await opened(), await opened()];
    await served.ask(theirs.keys.live, 'POST /v1/senders', { sender: 'Theirs' });
    expect((await served.ask(mine.keys.live, 'DELETE /v1/senders/Theirs')).status).toBe(404);
    expect((await served.ask(theirs.keys.live, 'GET /v1/senders')).body.data).toHaveLength(1);
  });
});
