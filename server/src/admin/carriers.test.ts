import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawKeys } from '../vault/keys.ts';
import { openVault } from '../vault/open-vault.ts';
import { carrierRows } from './carrier-type.ts';
import { servedToOperator } from './rig.ts';

let served: Awaited<ReturnType<typeof servedToOperator>>;
beforeAll(async () => {
  served = await servedToOperator();
});
afterAll(() => served.close());

const smpp = { kind: 'smpp', host: 'smsc.example.com', port: 2776, system_id: 'me', password: 's3cr3t' };
const opened = async (name: string) => {
  const row = await served.rig.store.carriers.get(name);
  const text = served.rig.vault.open({ account: '', row: name, column: 'carrier' }, row?.configSealed ?? '');
  return JSON.parse(text ?? 'null');
};

describe('PUT /carriers/{name}', () => {
  it('sets up, shows without the password, and seals what it keeps', async () => {
    const made = await served.ask('PUT /carriers/main', smpp);
    expect(made).toMatchObject({ status: 201 });
    expect(made.body).toEqual({
      ...{ name: 'main', kind: 'smpp', priority: 100, enabled: true, readable: true, status: null },
      ...{ host: 'smsc.example.com', port: 2776, system_id: 'me', password: '[set]' },
      updated_at: '2026-01-31T10:00:00.000Z',
    });
    expect((await served.ask('GET /carriers/main')).body).toEqual(made.body);
    expect((await served.ask('GET /carriers')).text).not.toContain('s3cr3t');
    expect(JSON.stringify(await served.rig.store.carriers.get('main'))).not.toContain('s3cr3t');
    expect(await opened('main')).toEqual({ host: 'smsc.example.com', port: 2776, system_id: 'me', password: 's3cr3t' });
  });

  it('says which kind it must be', async () => {
    const { kind: _, ...unsaid } = smpp;
    const faults = async (body: object) => (await served.ask('PUT /carriers/unsaid', body)).body.errors;
    expect(await faults(unsaid)).toEqual([{ field: 'kind', message: 'is required: smpp' }]);
    expect(await faults({ ...unsaid, kind: 'sip' })).toEqual([{ field: 'kind', message: 'must be smpp' }]);
  });

  it('keeps the password that is not sent, and takes the one that is', async () => {
    await served.ask('PUT /carriers/keeps', smpp);
    const { password: _, ...rest } = smpp;
    expect(await served.ask('PUT /carriers/keeps', { ...rest, port: 1 })).toMatchObject({
      status: 200,
      body: { port: 1 },
    });
    expect(await opened('keeps')).toMatchObject({ password: 's3cr3t', port: 1 });
    await served.ask('PUT /carriers/keeps', { ...rest, password: '[set]' });
    expect(await opened('keeps')).toMatchObject({ password: 's3cr3t', port: 2776 });
    await served.ask('PUT /carriers/keeps', { ...rest, password: 'new' });
    expect(await opened('keeps')).toMatchObject({ password: 'new' });
  });

  it('looks changed after each change, also within one millisecond', async () => {
    const times = [];
    for (let i = 0; i < 3; i++) {
      await served.ask('PUT /carriers/quick', smpp);
      times.push((await served.rig.store.carriers.get('quick'))?.updatedAt);
    }
    expect(new Set(times).size).toBe(3);
  });

  it('names every fault at once, and no password in them', async () => {
    const answer = await served.ask('PUT /carriers/wrong', {
      ...{
        kind: 'smtp',
        priority: 1.5,
        enabled: 'yes',
        host: 'http://x',
        port: 0,
        colour: 'red',
        password: `s3cr3t${'x'.repeat(100)}`,
      },
    });
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_request' } });
    const fields = answer.body.errors.map(({ field }: { field: string }) => field);
    expect(fields).toEqual(
      expect.arrayContaining(['kind', 'priority', 'enabled', 'host', 'port', 'system_id', 'password', 'colour']),
    );
    expect(answer.text).not.toContain('s3cr3t');
    expect(await served.rig.store.carriers.get('wrong')).toBeNull();
  });

  it.each([null, [], 'x', 1])('refuses the body %j', async (body) => {
    expect(await served.ask('PUT /carriers/wrong', body)).toMatchObject({
      status: 422,
      body: { code: 'invalid_request' },
    });
  });

  it.each(['handset', 'Main', '-x', 'x'.repeat(33), 'a b', '../x'])('refuses the name %j', async (name) => {
    const answer = await served.ask(`PUT /carriers/${encodeURIComponent(name)}`, smpp);
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ field: 'name' }] } });
  });
});

describe('carriers', () => {
  it('are listed in the order in which they are tried, with their state on this node', async () => {
    await served.ask('PUT /carriers/open', { ...smpp, priority: 1 });
    await served.ask('PUT /carriers/closed', { ...smpp, priority: 0, enabled: false });
    const { body } = await served.ask('GET /carriers');
    expect(body.data.slice(0, 2)).toMatchObject([
      { name: 'closed', enabled: false, status: null },
      { name: 'open', status: { state: 'down', trouble: 'no answer' } },
    ]);
  });

  it('are gone once removed', async () => {
    await served.ask('PUT /carriers/gone', smpp);
    expect((await served.ask('DELETE /carriers/gone')).status).toBe(204);
    for (const line of ['DELETE /carriers/gone', 'GET /carriers/gone', 'POST /carriers/gone/check']) {
      expect(await served.ask(line), line).toMatchObject({ status: 404, body: { code: 'not_found' } });
    }
  });

  it('whose key is lost are shown as such, and can be put anew', async () => {
    await served.ask('PUT /carriers/lost', smpp);
    const row = await served.rig.store.carriers.get('lost');
    if (row === null) throw new Error('no such row');
    const { random } = served.rig;
    const other = openVault(drawKeys(random.bytes), random);
    expect(carrierRows.json(other, row)).not.toHaveProperty('host');
    expect(carrierRows.json(other, row)).toMatchObject({ name: 'lost', readable: false });
    await served.rig.store.carriers.put({
      ...row,
      configSealed: other.seal({ account: '', row: 'lost', column: 'carrier' }, '{}'),
    });
    expect(await served.ask('POST /carriers/lost/check')).toMatchObject({ status: 409, body: { code: 'conflict' } });
    const { password: _, ...rest } = smpp;
    expect(await served.ask('PUT /carriers/lost', rest)).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'password' }] },
    });
    expect((await served.ask('PUT /carriers/lost', smpp)).status).toBe(200);
  });
});

describe('POST /carriers/{name}/check', () => {
  it('tells what it found, without the password', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    await served.ask('PUT /carriers/checked', { ...smpp, host: '127.0.0.1', port });
    const answer = await served.ask('POST /carriers/checked/check');
    expect(answer).toMatchObject({
      status: 200,
      body: {
        ok: false,
        steps: [
          { step: 'resolve', ok: true },
          { step: 'connect', ok: false },
        ],
      },
    });
    expect(answer.text).not.toContain('s3cr3t');
  });

  it.each([{ to: '9851023212' }, { to: 1 }, { number: '+9779851023212' }])('refuses %j', async (body) => {
    await served.ask('PUT /carriers/asked', smpp);
    expect(await served.ask('POST /carriers/asked/check', body)).toMatchObject({
      status: 422,
      body: { code: 'invalid_request' },
    });
  });
});
