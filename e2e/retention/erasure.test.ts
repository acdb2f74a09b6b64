import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../server/src/observe/log.ts';
import { systemRandom } from '../../server/src/values/random.ts';
import { loadKeys } from '../../server/src/vault/key-file.ts';
import { openVault } from '../../server/src/vault/open-vault.ts';
import { need } from '../peers/need.ts';
import { startPostgres } from '../peers/postgres.ts';
import { balance, call, openAccount, sendText, type TestAccount } from '../service/api.ts';
import { eventually } from '../service/eventually.ts';
import { checkLedger } from '../service/ledger.ts';
import { type Service, startService, temporaryFolder } from '../service/service.ts';

/** An erased number leaves nothing behind: not in answers, not in the database, not in its files; and the ledger still adds up. */

/** Called, it answers at once and presses 1; messages to it arrive. */
const ERASED = '+9779841110014';
/** The control: what is not asked to go stays. */
const KEPT = '+9779841210014';
const CLI = join(import.meta.dirname, '../../server/src/cli/main.ts');

/** What the database holds that tells of a number: its digest, and every cell that was sealed for it. */
interface Traces {
  readonly digest: string;
  readonly cells: readonly string[];
}

interface Stage {
  readonly service: Service;
  /** All of the database, as text. */
  dump(): string;
  /** What one column has in the rows of an account. */
  column(table: string, column: string, accountId: string): readonly string[];
  readonly data: string;
  readonly storeFlags: readonly string[];
  stop(): Promise<void>;
}

async function onSqlite(): Promise<Stage> {
  const data = temporaryFolder();
  const service = await startService({ data });
  const read = <T>(use: (db: DatabaseSync) => T): T => {
    const db = new DatabaseSync(join(data, 'passbell.db'), { readOnly: true });
    try {
      return use(db);
    } finally {
      db.close();
    }
  };
  return {
    ...{ service, data, storeFlags: ['--data', data] },
    dump: () =>
      read((db) => {
        const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all() as { name: string }[];
        return tables.map(({ name }) => JSON.stringify(db.prepare(`SELECT * FROM "${name}"`).all())).join('\n');
      }),
    column: (table, column, accountId) =>
      read((db) => db.prepare(`SELECT ${column} AS cell FROM ${table} WHERE account_id = ?`).all(accountId)).flatMap(
        ({ cell }) => (cell === null ? [] : String(cell)),
      ),
    stop: async () => void (await service.stop()),
  };
}

async function onPostgres(): Promise<Stage> {
  const data = temporaryFolder();
  const postgres = await startPostgres();
  const service = await startService({ data, databaseUrl: postgres.url });
  const bin = (name: string, ...args: string[]) => execFileSync(name, args, { encoding: 'utf8', maxBuffer: 1e9 });
  return {
    ...{ service, data, storeFlags: ['--data', data, '--database-url', postgres.url] },
    dump: () => bin('pg_dump', postgres.url),
    column: (table, column, accountId) =>
      bin('psql', '-Atc', `SELECT ${column} FROM ${table} WHERE account_id = '${accountId}'`, postgres.url)
        .split('\n')
        .filter((cell) => cell !== ''),
    async stop() {
      await service.stop();
      await postgres.stop();
    },
  };
}

/** By every way there is: a message of TingTing's, verifications by SMS and by call, one checked wrong, one that runs on. */
async function sendTo(stage: Stage, account: TestAccount, number: string): Promise<void> {
  const { url } = stage.service;
  const key = account.test;
  const post = <T>(path: string, body: object) => call<T>('POST', url + path, { key, body });
  expect((await sendText(url, key, number)).status).toBe(200);
  const metadata = { order: orderOf(account, number) };
  const sms = await post<{ id: string }>('/v1/verifications', { to: number, channel: 'sms', metadata });
  expect(sms.status, JSON.stringify(sms.body)).toBe(201);
  await post(`/v1/verifications/${sms.body.id}/check`, { code: '0000' });
  const replayed = { 'idempotency-key': requestKey(account, number) };
  const again = { to: number, channel: 'sms' };
  await call('POST', `${url}/v1/verifications`, { key, body: again, headers: replayed });
  // As few words as a call can have: it is waited for.
  const said = { text: '{code}', code: '4711', voice: { replays: 0 } };
  const voice = await post('/v1/verifications', { to: number, channel: 'voice', ...said });
  expect(voice.status, JSON.stringify(voice.body)).toBe(201);
}

/** What a verification's metadata says: kept in clear, as it was given. */
function orderOf({ id }: TestAccount, number: string): string {
  return `order ${id} ${number === ERASED ? 'A' : 'B'}`;
}

/** Callers choose such keys: they may well hold a number. */
function requestKey({ id }: TestAccount, number: string): string {
  return `${id}/${number}`;
}

async function settled({ service: { url } }: Stage, { test }: TestAccount): Promise<void> {
  for (const pool of ['sms', 'voice'] as const) {
    await eventually(
      () => balance(url, test, pool),
      ({ held }) => held === 0,
      60_000,
    );
  }
}

async function tracesOf(stage: Stage, accountId: string, number: string): Promise<Traces> {
  const random = systemRandom();
  const keys = { env: undefined, path: join(stage.data, 'keys.json'), create: false };
  const vault = openVault(await loadKeys(keys, random, silentLog), random);
  const digest = vault.numberDigest(accountId, number);
  const cells = (table: string, column: string) => stage.column(table, column, accountId);
  return {
    digest,
    cells: [
      ...cells('otps', 'number_sealed'),
      ...cells('otps', 'content_sealed'),
      ...cells('handset_messages', 'sealed'),
    ],
  };
}

function itErases(on: () => Promise<Stage>): void {
  let stage: Stage;
  let account: TestAccount;
  let other: TestAccount;
  let before: Traces;
  beforeAll(async () => {
    stage = await on();
    const admin = stage.service.ready.admin_token ?? '';
    const wanted = { credits: 100, voiceCredits: 100 };
    account = await openAccount(stage.service.url, admin, wanted);
    other = await openAccount(stage.service.url, admin, wanted);
    await sendTo(stage, account, ERASED);
    await eventually(
      async () => stage.column('handset_messages', 'sealed', account.id),
      ({ length }) => length === 3,
    );
    before = await tracesOf(stage, account.id, ERASED);
    await sendTo(stage, account, KEPT);
    await sendTo(stage, other, ERASED);
    await Promise.all([settled(stage, account), settled(stage, other)]);
  }, 120_000);
  afterAll(() => stage?.stop(), 60_000);

  const ask = <T = Record<string, unknown>>(method: string, path: string, body?: object, key = account.test) =>
    call<T>(method, stage.service.url + path, { key, ...(body !== undefined && { body }) });

  it('finds what it is to erase', () => {
    const dump = stage.dump();
    expect(before.cells.length).toBeGreaterThan(8);
    const traces = [before.digest, ...before.cells, orderOf(account, ERASED), requestKey(account, ERASED)];
    expect(traces.filter((trace) => !dump.includes(trace))).toEqual([]);
  });

  it('erases it on request, by any spelling, and tells how much', async () => {
    const erased = await eventually(
      () => ask<Record<string, number>>('POST', '/v1/erasures', { to: '984-1110014' }),
      ({ status }) => status !== 409,
    );
    expect(erased.status, JSON.stringify(erased.body)).toBe(200);
    expect(erased.body).toMatchObject({ sends: 4, verifications: 3, calls: 1, canceled: 3 });
    expect(erased.body['handset_messages']).toBe(3);
    expect(erased.body['handset_calls']).toBe(1);
    const again = await ask<Record<string, number>>('POST', '/v1/erasures', { to: ERASED });
    expect(Object.values(again.body)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('leaves neither number nor digest, text or code in a dump of the database', async () => {
    const dump = stage.dump();
    const traces = [before.digest, ...before.cells, orderOf(account, ERASED), requestKey(account, ERASED)];
    expect(traces.filter((trace) => dump.includes(trace))).toEqual([]);
    // The controls: another number of the account, and the same one of another account.
    expect(dump.includes((await tracesOf(stage, account.id, KEPT)).digest)).toBe(true);
    expect(dump.includes((await tracesOf(stage, other.id, ERASED)).digest)).toBe(true);
  });

  it('leaves records that show no number, and a ledger that adds up', async () => {
    const { data: messages } = (await ask<{ data: { to: string | null }[] }>('GET', '/v1/messages?limit=100')).body;
    expect(messages.map(({ to }) => to).sort()).toEqual([KEPT, KEPT, KEPT, null, null, null]);
    const { data: calls } = (await ask<{ data: { to: string | null }[] }>('GET', '/v1/calls')).body;
    expect(calls.map(({ to }) => to)).toEqual([KEPT, null]);
    const found = await ask<{ data: unknown[] }>('GET', `/v1/verifications?to=${encodeURIComponent(ERASED)}`);
    expect(found.body.data).toEqual([]);
    const csv = await call<string>('GET', `${stage.service.url}/v1/export?what=messages`, { key: account.test });
    expect(csv.body).toContain(`,'${KEPT},`);
    expect(csv.body).not.toContain(ERASED);
    expect(csv.body.split('\r\n')).toHaveLength(8);
    for (const pool of ['sms', 'voice'] as const) {
      await checkLedger(stage.service.url, account.test, pool);
      expect((await balance(stage.service.url, account.test, pool)).captured).toBeGreaterThan(0);
    }
  });

  it('is the number’s new beginning: what counted against it is gone', async () => {
    expect((await sendText(stage.service.url, account.test, ERASED)).status).toBe(200);
    await settled(stage, account);
  });

  it('can be had on the command line, beside the running server, and is told of in the audit log', async () => {
    const passbell = (...argv: string[]) =>
      execFileSync(process.execPath, [CLI, ...argv, '--json', ...stage.storeFlags], { encoding: 'utf8' });
    const { sends } = JSON.parse(passbell('erase', '--account', account.id, '--to', ERASED));
    expect(sends).toBe(1);
    const admin = stage.service.ready.admin_token ?? '';
    const audit = await ask<{ data: { actor: string; action: string }[] }>(
      ...(['GET', `/admin/v1/audit?account=${account.id}&action=number.erase`, undefined, admin] as const),
    );
    expect(audit.body.data.map(({ actor }) => actor)).toEqual([
      ...['cli', expect.stringMatching(/^key:/), expect.stringMatching(/^key:/)],
    ]);
    expect(JSON.stringify(audit.body)).not.toContain('1110014');
    expect(JSON.parse(passbell('audit', 'verify'))).toMatchObject({ ok: true });
    expect(stage.service.log()).not.toMatch(/1110014|"level":"error"/);
  });

  it('leaves nothing in the files either', async () => {
    await stage.service.stop();
    const files = readdirSync(stage.data, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    for (const { name, parentPath } of files) {
      const text = readFileSync(join(parentPath, name), 'latin1');
      expect(
        [before.digest, ...before.cells].filter((trace) => text.includes(trace)),
        name,
      ).toEqual([]);
    }
  });
}

describe('an erased number, in the embedded store', () => itErases(onSqlite));
describe.runIf(need('postgresql'))('an erased number, in PostgreSQL', () => itErases(onPostgres));
