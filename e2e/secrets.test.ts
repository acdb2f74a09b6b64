import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCountingSmsc } from './peers/counting-smsc.ts';
import { need } from './peers/need.ts';
import { type PostgresPeer, startPostgres } from './peers/postgres.ts';
import { addCarrier, call, type ListedSend, listAll, numberFor, openAccount, type TestAccount } from './service/api.ts';
import { eventually } from './service/eventually.ts';
import { inboxOf } from './service/inbox.ts';
import { expectNoSecrets } from './service/secrets.ts';
import { type Service, startService, temporaryFolder } from './service/service.ts';

/** What the store, the log and the metrics hold: no code, key, password, number or message in clear; and no cell opens elsewhere. */

const CARRIER_PASSWORD = 'cnrysmsc';
const WRONG = { email: 'canary-guess@example.com', password: 'canary-guessed-password' };

/** Runs SQL on the store behind a running service's back. */
type Sql = (statement: string) => void;

interface Canaries {
  readonly service: Service;
  readonly account: TestAccount;
  readonly secrets: string[];
}

/** Makes every kind of secret there is: by sends, sign-ins, keys, carriers and replays. */
async function singAll(service: Service): Promise<Canaries> {
  const { url, ready } = service;
  const admin = ready.admin_token ?? '';
  const account = await openAccount(url, admin, { credits: 100 });
  const ask = (method: string, path: string, key: string, body?: unknown, headers: Record<string, string> = {}) =>
    call(method, url + path, { key, body, headers });
  const secrets = [admin, account.test, account.live, ready.console.password ?? '', CARRIER_PASSWORD];
  secrets.push(WRONG.email, WRONG.password, ready.account?.product_tokens.test ?? '');

  const smsc = await startCountingSmsc();
  await addCarrier(url, admin, 'canary', { port: smsc.port, binds: 1, password: CARRIER_PASSWORD });
  for (const key of [account.test, account.live]) {
    for (let i = 0; i < 4; i++) {
      const number = numberFor(70_000 + i);
      const otp = `CANARY${1_000 + i}`;
      const message = `Bell canary ${i}: {otp} sings`;
      const body = { number, message, sms_send_options: 'text', otp_options: 'personnel', otp };
      await eventually(
        () => ask('POST', '/api/v1/auths/send/otp/', key, body),
        ({ status }) => status === 200,
      );
      secrets.push(number, `+977${number}`, otp, message, message.replace('{otp}', otp));
    }
    const drawn = { number: numberFor(70_009), message: 'Drawn {otp}', sms_send_options: 'text', otp_length: 10 };
    const { body } = await ask('POST', '/api/v1/auths/send/otp/', key, drawn);
    secrets.push((body as { data: { details: { otp: string } } }).data.details.otp);
  }
  await eventually(
    async () => smsc.byNumber(),
    (arrived) => arrived.size === 5,
  );

  const made = await ask('POST', '/v1/keys', account.live, { name: 'k' }, { 'idempotency-key': 'canary' });
  secrets.push(`${made.body['key']}`);
  const login = `${crypto.randomUUID()}@example.com`;
  const wanted = { name: 'x', login, country: 'NP', timezone: 'UTC', password: 'canary-chosen-password' };
  const opened = await ask('POST', '/admin/v1/accounts', admin, wanted, { 'idempotency-key': 'canary' });
  secrets.push(wanted.password, `${(opened.body['keys'] as Record<string, string>)['live']}`);

  await ask('POST', '/api/v1/auths/login/', '', WRONG);
  const own = { email: ready.console.user, password: ready.console.password };
  const signedIn = await call('POST', `${url}/api/v1/auths/login/`, { body: own });
  for (const cookie of signedIn.headers.getSetCookie()) secrets.push(cookie.split(/[=;]/)[1] ?? '');
  // What is refused is a secret too.
  await ask('POST', '/api/v1/auths/send/otp/', `${account.test}x`, { number: numberFor(71_000) });
  await ask('GET', `/api/v1/auths/list/send-otps/?number=${numberFor(71_001)}`, account.test);
  for (const path of ['/v1/nothing', '/v1/keys', '/admin/v1/accounts']) {
    await ask('GET', `${path}/${account.live}?key=${account.live}`, account.test);
    await ask('GET', `${path}?key=${account.live}`, account.test);
  }
  secrets.push(numberFor(71_000), numberFor(71_001));

  await eventually(
    () => listAll(url, account.test),
    (rows) => rows.every(({ status }) => status === 'delivered' || status === 'sent'),
  );
  await smsc.close();
  return { service, account, secrets };
}

/** The account's test sends, by their position in the list. */
async function rows({ service, account }: Canaries): Promise<ListedSend[]> {
  return (await listAll(service.url, account.test)).sort((a, b) => a.id - b.id);
}

/** What holds on every engine. */
function itKeepsSecrets(sung: () => Canaries, dump: () => Record<string, string>, sql: () => Sql): void {
  it('has none of them in clear anywhere', async () => {
    const { service, secrets } = sung();
    const dumped = dump();
    // A control: what is no secret is found where it is looked for.
    expect(Object.values(dumped).join()).toContain(sung().account.id);
    const metrics = await call<string>('GET', `${service.url}/metrics`);
    expect(metrics.body).toContain('passbell_deliveries_queued');
    expect(new Set(secrets).size).toBeGreaterThan(30);
    expectNoSecrets({ ...dumped, log: service.log(), metrics: metrics.body }, secrets);
  });

  it('opens no cell in another row, another column or another account, and none that was altered', async () => {
    const canaries = sung();
    const before = await rows(canaries);
    expect(before[0]).toMatchObject({ otp: 'CANARY1000', phone_number: numberFor(70_000) });
    const of = (number: number) => `account_id = '${canaries.account.id}' AND number = ${number}`;
    const cell = (column: string, number: number) => `(SELECT ${column} FROM otps WHERE ${of(number)})`;
    const [first, second, third, fourth] = before.map(({ id }) => id) as [number, number, number, number];
    const run = sql();
    const hidden = { message: '*****', otp: '*****' };

    run(`UPDATE otps SET content_sealed = ${cell('content_sealed', second)} WHERE ${of(first)}`);
    run(`UPDATE otps SET number_sealed = ${cell('content_sealed', second)} WHERE ${of(second)}`);
    run(
      `UPDATE otps SET content_sealed = substr(content_sealed, 1, length(content_sealed) - 4) || 'AAAA' WHERE ${of(third)}`,
    );
    run(`UPDATE otps SET content_sealed = 'nonsense', number_sealed = '' WHERE ${of(fourth)}`);
    const after = await rows(canaries);
    expect(after[0]).toMatchObject({ ...hidden, phone_number: before[0]?.phone_number });
    expect(after[1]).toMatchObject({ phone_number: '*****', otp: before[1]?.otp });
    expect(after[2]).toMatchObject(hidden);
    expect(after[3]).toMatchObject({ ...hidden, phone_number: '*****' });
    expect(after.slice(4)).toEqual(before.slice(4));

    // Another account's row, its ids and all, with our cells in it.
    const other = await openAccount(canaries.service.url, canaries.service.ready.admin_token ?? '', { credits: 1 });
    run(`UPDATE otps SET account_id = '${other.id}' WHERE ${of(before[4]?.id ?? 0)}`);
    for (const row of await listAll(canaries.service.url, other.test)) {
      expect(row).toMatchObject({ ...hidden, phone_number: '*****' });
    }
  });

  it('shows no code and no message once the reveal window is over', async () => {
    const canaries = sung();
    const { service, account } = canaries;
    const body = { settings: { reveal_seconds: 0 } };
    const at = `${service.url}/admin/v1/accounts/${account.id}`;
    expect((await call('PATCH', at, { key: service.ready.admin_token ?? '', body })).status).toBe(200);
    const after = await eventually(
      () => rows(canaries),
      (list) => list.every(({ otp }) => otp === '*****'),
    );
    for (const { message } of after) expect(message).toBe('*****');
  });

  it('shows no message on the phone whose cell was moved, and goes on', async () => {
    const { service, account } = sung();
    const before = await inboxOf(service.url, account.test);
    const [first, second] = before.map(({ id }) => id.slice(4));
    const sealed = `(SELECT sealed FROM handset_messages WHERE id = '${second}')`;
    sql()(`UPDATE handset_messages SET sealed = ${sealed} WHERE id = '${first}'`);
    expect(await inboxOf(service.url, account.test)).toEqual(before.slice(1));
    expect((await call('GET', `${service.url}/v1/handset/messages`, { key: account.test })).status).toBe(200);
    expect(service.log()).not.toContain('"level":"error"');
  });
}

describe('the embedded store', () => {
  const data = temporaryFolder();
  let service: Service;
  let canaries: Canaries;
  beforeAll(async () => {
    service = await startService({ data });
    canaries = await singAll(service);
  });
  afterAll(() => service.stop());

  const files = () =>
    Object.fromEntries(
      // What was spoken lies in a folder of its own.
      readdirSync(data, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name !== 'keys.json')
        .map(({ name, parentPath }) => [name, readFileSync(join(parentPath, name), 'latin1')]),
    );

  itKeepsSecrets(
    () => canaries,
    files,
    () => (statement) => {
      const database = new DatabaseSync(join(data, 'passbell.db'), { timeout: 5_000 });
      database.exec(statement);
      database.close();
    },
  );

  it('lies beside keys that nobody else may read', () => {
    expect(Object.keys(files())).toEqual(expect.arrayContaining(['passbell.db', 'passbell.db-wal']));
    const keys = JSON.parse(readFileSync(join(data, 'keys.json'), 'utf8')) as object;
    for (const file of Object.values(files()))
      expectNoSecrets({ file }, JSON.stringify(keys).match(/[\w+/=-]{20,}/g) ?? []);
  });
});

describe.runIf(need('postgresql'))('PostgreSQL', () => {
  let postgres: PostgresPeer;
  let service: Service;
  let canaries: Canaries;
  beforeAll(async () => {
    postgres = await startPostgres();
    service = await startService({ databaseUrl: postgres.url });
    canaries = await singAll(service);
  });
  afterAll(async () => {
    await service.stop();
    await postgres.stop();
  });

  itKeepsSecrets(
    () => canaries,
    () => ({ dump: execFileSync('pg_dump', [postgres.url], { encoding: 'utf8' }) }),
    () => (statement) => void execFileSync('psql', ['-v', 'ON_ERROR_STOP=1', '-qc', statement, postgres.url]),
  );
});
