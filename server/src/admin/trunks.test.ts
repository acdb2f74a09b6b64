import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../observe/log.ts';
import { drawKeys } from '../vault/keys.ts';
import { openVault } from '../vault/open-vault.ts';
import type { TrunkConfig } from '../voice/calls/sip/trunk-config.ts';
import { servedToOperator } from './rig.ts';
import { trunkRows } from './trunk-type.ts';

const checked: TrunkConfig[] = [];
const refused = {
  step: 'register',
  host: 'sip.example.com',
  found: '401',
  expected: '200',
  cure: 'Set password.',
} as const;
const report = { ok: false, steps: [{ ...refused, ok: false }] };

let served: Awaited<ReturnType<typeof servedToOperator>>;
beforeAll(async () => {
  const checkTrunk = async (config: TrunkConfig) => {
    checked.push(config);
    return report;
  };
  served = await servedToOperator(silentLog, () => ({ checkTrunk }));
});
afterAll(() => served.close());

const sip = { kind: 'sip', host: 'sip.example.com', transport: 'tcp', username: 'acme', password: 's3cr3t' };
const opened = async (name: string) => {
  const row = await served.rig.store.trunks.get(name);
  const text = served.rig.vault.open({ account: '', row: name, column: 'trunk' }, row?.configSealed ?? '');
  return JSON.parse(text ?? 'null');
};

describe('PUT /trunks/{name}', () => {
  it('sets up, shows without the password, and seals what it keeps', async () => {
    const made = await served.ask('PUT /trunks/main', { ...sip, backups: [{ host: '192.0.2.7', port: 5062 }] });
    expect(made).toMatchObject({ status: 201 });
    expect(made.body).toEqual({
      ...{ name: 'main', kind: 'sip', priority: 100, enabled: true, readable: true, status: null },
      ...{ host: 'sip.example.com', transport: 'tcp', backups: [{ host: '192.0.2.7', port: 5062 }] },
      ...{ username: 'acme', password: '[set]', updated_at: '2026-01-31T10:00:00.000Z' },
    });
    expect((await served.ask('GET /trunks/main')).body).toEqual(made.body);
    expect((await served.ask('GET /trunks')).text).not.toContain('s3cr3t');
    expect(JSON.stringify(await served.rig.store.trunks.get('main'))).not.toContain('s3cr3t');
    expect(await opened('main')).toMatchObject({ host: 'sip.example.com', password: 's3cr3t' });
  });

  it('needs no kind: all of them speak SIP', async () => {
    const { kind: _, ...unsaid } = sip;
    expect(await served.ask('PUT /trunks/unsaid', unsaid)).toMatchObject({ status: 201, body: { kind: 'sip' } });
    expect((await served.ask('PUT /trunks/unsaid', { ...unsaid, kind: 'smpp' })).body.errors).toEqual([
      { field: 'kind', message: 'must be sip, or left out' },
    ]);
  });

  it('needs no password: a trunk may know this machine by its address', async () => {
    const made = await served.ask('PUT /trunks/known', { kind: 'sip', host: '192.0.2.1' });
    expect(made).toMatchObject({ status: 201, body: { host: '192.0.2.1' } });
    expect(made.body).not.toHaveProperty('password');
  });

  it('keeps the password that is not sent, and takes the one that is', async () => {
    await served.ask('PUT /trunks/keeps', sip);
    const { password: _, ...rest } = sip;
    expect(await served.ask('PUT /trunks/keeps', { ...rest, port: 5070 })).toMatchObject({ status: 200 });
    expect(await opened('keeps')).toMatchObject({ password: 's3cr3t', port: 5070 });
    await served.ask('PUT /trunks/keeps', { ...rest, password: '[set]' });
    expect(await opened('keeps')).toMatchObject({ password: 's3cr3t' });
    await served.ask('PUT /trunks/keeps', { ...rest, password: 'new' });
    expect(await opened('keeps')).toMatchObject({ password: 'new' });
  });

  it('lets the password go with its user', async () => {
    await served.ask('PUT /trunks/bare', sip);
    const { password: _, username: __, ...bare } = sip;
    expect(await served.ask('PUT /trunks/bare', { ...bare, username: null })).toMatchObject({ status: 200 });
    expect(await opened('bare')).not.toHaveProperty('password');
    const { password: ___, ...named } = sip;
    expect(await served.ask('PUT /trunks/bare', named)).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'password' }] },
    });
  });

  it('names every fault at once, and no password in them', async () => {
    const answer = await served.ask('PUT /trunks/wrong', {
      ...{ kind: 'smpp', priority: -1, enabled: 'yes', host: 'sip:x', port: 0, transport: 'sctp', colour: 'red' },
      ...{ backups: [{ host: 'b', port: 'x' }], codecs: ['opus'], caller_ids: ['123'], register: 1, max_calls: 0 },
      ...{ username: 'a b', password: `s3cr3t${'x'.repeat(200)}`, scheme: 'sips', tls_ca: 'no certificate' },
    });
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_request' } });
    const fields = new Set(answer.body.errors.map(({ field }: { field: string }) => field));
    for (const field of ['kind', 'priority', 'enabled', 'host', 'port', 'transport', 'backups.0.port', 'codecs'])
      expect(fields).toContain(field);
    for (const field of ['caller_ids', 'register', 'max_calls', 'username', 'password', 'scheme', 'tls_ca', 'colour'])
      expect(fields).toContain(field);
    expect(answer.text).not.toContain('s3cr3t');
    expect(await served.rig.store.trunks.get('wrong')).toBeNull();
  });

  it.each([null, [], 'x', 1])('refuses the body %j', async (body) => {
    expect(await served.ask('PUT /trunks/wrong', body)).toMatchObject({
      status: 422,
      body: { code: 'invalid_request' },
    });
  });

  it.each(['handset', 'Main', '-x', 'x'.repeat(33), 'a b', '../x'])('refuses the name %j', async (name) => {
    const answer = await served.ask(`PUT /trunks/${encodeURIComponent(name)}`, sip);
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ field: 'name' }] } });
  });
});

describe('trunks', () => {
  it('are listed in the order in which they are tried, with their state on this node', async () => {
    await served.ask('PUT /trunks/open', { ...sip, priority: 1 });
    await served.ask('PUT /trunks/closed', { ...sip, priority: 0, enabled: false });
    const { body } = await served.ask('GET /trunks');
    expect(body.data.slice(0, 2)).toMatchObject([
      { name: 'closed', enabled: false, status: null },
      { name: 'open', status: { state: 'down', trouble: 'no answer' } },
    ]);
  });

  it('are other things than carriers of the same name', async () => {
    await served.ask('PUT /trunks/twin', sip);
    expect(await served.ask('GET /carriers/twin')).toMatchObject({ status: 404, body: { code: 'not_found' } });
    const row = await served.rig.store.trunks.get('twin');
    const place = { account: '', row: 'twin', column: 'carrier' } as const;
    expect(served.rig.vault.open(place, row?.configSealed ?? '')).toBeNull();
  });

  it('are gone once removed', async () => {
    await served.ask('PUT /trunks/gone', sip);
    expect((await served.ask('DELETE /trunks/gone')).status).toBe(204);
    for (const line of ['DELETE /trunks/gone', 'GET /trunks/gone', 'POST /trunks/gone/check']) {
      expect(await served.ask(line), line).toMatchObject({ status: 404, body: { detail: 'There is no such trunk.' } });
    }
  });

  it('whose key is lost are shown as such, refuse a check, and can be put anew', async () => {
    await served.ask('PUT /trunks/lost', sip);
    const row = await served.rig.store.trunks.get('lost');
    if (row === null) throw new Error('no such row');
    const { random } = served.rig;
    const other = openVault(drawKeys(random.bytes), random);
    expect(trunkRows.json(other, row)).not.toHaveProperty('host');
    expect(trunkRows.json(other, row)).toMatchObject({ name: 'lost', readable: false });
    const configSealed = other.seal({ account: '', row: 'lost', column: 'trunk' }, '{}');
    await served.rig.store.trunks.put({ ...row, configSealed });
    expect((await served.ask('GET /trunks/lost')).body).toMatchObject({ readable: false });
    const asked = checked.length;
    expect(await served.ask('POST /trunks/lost/check')).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(checked).toHaveLength(asked);
    const { password: _, ...rest } = sip;
    expect((await served.ask('PUT /trunks/lost', rest)).status).toBe(422);
    expect((await served.ask('PUT /trunks/lost', sip)).status).toBe(200);
  });
});

describe('POST /trunks/{name}/check', () => {
  it('tells what it found, without the password', async () => {
    await served.ask('PUT /trunks/checked', { ...sip, port: 5070 });
    const answer = await served.ask('POST /trunks/checked/check');
    expect(answer).toMatchObject({ status: 200, body: report });
    expect(answer.text).not.toContain('s3cr3t');
    const config = checked.at(-1);
    expect(config?.places).toEqual([{ host: 'sip.example.com', port: 5070, transport: 'tcp' }]);
    expect(config?.credentials?.password.reveal()).toBe('s3cr3t');
  });

  it.each([{ to: '+9779851023212' }, { x: 1 }, 'x'])('refuses %j: it calls nobody', async (body) => {
    await served.ask('PUT /trunks/asked', sip);
    const asked = checked.length;
    expect(await served.ask('POST /trunks/asked/check', body)).toMatchObject({
      status: 422,
      body: { code: 'invalid_request', errors: [{ field: 'body' }] },
    });
    expect(checked).toHaveLength(asked);
  });
});
