import { describe, expect, it } from 'vitest';
import { startCountingSmsc } from './peers/counting-smsc.ts';
import { startPostgres } from './peers/postgres.ts';
import { addCarrier, balance, listAll, numberFor, openAccount, sendText, type TestAccount } from './service/api.ts';
import { eventually } from './service/eventually.ts';
import { checkLedger } from './service/ledger.ts';
import { type Service, type ServiceOptions, startService, temporaryFolder } from './service/service.ts';

/** How often each arrangement is killed. 200 for the full proof: `E2E_KILLS=200 npx vitest run e2e/crash.test.ts`. */
const KILLS = Number(process.env['E2E_KILLS'] ?? 15);
/** Senders at once, in one closed loop each. */
const CLIENTS = 8;
/**
 * How far a crash may be from the first submit that it hides: what the SMSC had and no commit had noted yet, and the other way round
 * what lay in the socket when the service died, and was read after that.
 */
const DOUBT_MS = 3_000;

const pause = () => new Promise((resolve) => setTimeout(resolve, 10));

/** A load that goes on through crashes, and remembers what it was promised. */
function startLoad(urls: () => readonly string[], account: TestAccount) {
  const promised = new Map<string, number>();
  const asked = new Set<string>();
  let serial = 0;
  let running = true;

  async function client(i: number): Promise<void> {
    while (running) {
      const targets = urls();
      const url = targets[(serial + i) % Math.max(1, targets.length)];
      if (url === undefined) {
        await pause();
        continue;
      }
      const number = numberFor(serial++);
      asked.add(number);
      try {
        const answer = await sendText(url, account.live, number);
        if (answer.status === 200) promised.set(number, Date.now());
      } catch {
        // The connection broke: whether it was accepted is not known, and nothing was promised.
        await pause();
      }
    }
  }

  const clients = Array.from({ length: CLIENTS }, (_, i) => client(i));
  return {
    promised,
    asked,
    async stop() {
      running = false;
      await Promise.all(clients);
    },
  };
}

async function prepare(service: Service, port: number): Promise<TestAccount> {
  const { admin_token } = service.ready;
  if (admin_token === undefined) throw new Error('not a first start');
  const account = await openAccount(service.url, admin_token, { credits: 10_000_000 });
  await addCarrier(service.url, admin_token, 'smsc', { port, binds: 1, window: 50 });
  return account;
}

/** Every promise of the sends is held against what the SMSC saw, what the list says, and what the ledger adds up to. */
async function audit(
  url: string,
  account: TestAccount,
  load: ReturnType<typeof startLoad>,
  smsc: Awaited<ReturnType<typeof startCountingSmsc>>,
  kills: readonly number[],
): Promise<void> {
  await eventually(
    () => balance(url, account.live),
    (pool) => pool.held === 0,
    90_000,
  );
  const rows = await listAll(url, account.live);
  const listed = new Map(rows.map((row) => [row.phone_number, row]));
  expect(listed.size).toBe(rows.length);
  const arrivals = smsc.byNumber();
  for (const number of load.promised.keys()) {
    const row = listed.get(number);
    expect(row, `${number} was answered and is not in the list`).toBeDefined();
    expect(['delivered', 'failed', 'expired'], `${number} ended as ${row?.status}`).toContain(row?.status);
    if (row?.status === 'delivered') expect(arrivals.has(`977${number}`), `${number} never arrived`).toBe(true);
  }
  for (const [to, seen] of arrivals) {
    if (!load.asked.has(to.slice(3))) throw new Error(`${to} was never asked for`);
    if (seen.length === 1) continue;
    expect(seen.length, `${to} was submitted ${seen.length} times`).toBe(2);
    const first = seen[0]?.at ?? 0;
    const crashed = kills.some((at) => Math.abs(at - first) < DOUBT_MS);
    expect(crashed, `${to} was submitted twice, and no crash fell between submit and answer`).toBe(true);
  }
  await checkLedger(url, account.live);
}

const randomMoment = () => new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 500));

async function killOne(options: ServiceOptions): Promise<void> {
  const smsc = await startCountingSmsc();
  let service = await startService(options);
  const account = await prepare(service, smsc.port);
  let targets: string[] = [service.url];
  const load = startLoad(() => targets, account);
  const kills: number[] = [];
  for (let i = 0; i < KILLS; i++) {
    await randomMoment();
    kills.push(Date.now());
    targets = [];
    await service.kill9();
    service = await startService(options);
    targets = [service.url];
  }
  await randomMoment();
  await load.stop();
  expect(load.promised.size).toBeGreaterThan(KILLS * 5);
  await audit(service.url, account, load, smsc, kills);
  await service.stop();
  await smsc.close();
}

describe(`kill -9 at ${KILLS} random moments under load`, () => {
  it('one node on the embedded store', { timeout: 1_800_000 }, async () => {
    await killOne({ data: temporaryFolder() });
  });

  it('one node on PostgreSQL', { timeout: 1_800_000 }, async () => {
    const postgres = await startPostgres();
    await killOne({ data: temporaryFolder(), databaseUrl: postgres.url });
    await postgres.stop();
  });

  it('any of three nodes on one PostgreSQL', { timeout: 1_800_000 }, async () => {
    const postgres = await startPostgres();
    const options = { data: temporaryFolder(), databaseUrl: postgres.url };
    const smsc = await startCountingSmsc();
    const first = await startService(options);
    const account = await prepare(first, smsc.port);
    const nodes: (Service | undefined)[] = [first, await startService(options), await startService(options)];
    const load = startLoad(() => nodes.flatMap((node) => (node ? [node.url] : [])), account);
    const kills: number[] = [];
    for (let i = 0; i < KILLS; i++) {
      await randomMoment();
      const victim = Math.floor(Math.random() * nodes.length);
      const node = nodes[victim];
      nodes[victim] = undefined;
      kills.push(Date.now());
      await node?.kill9();
      nodes[victim] = await startService(options);
    }
    await randomMoment();
    await load.stop();
    const [survivor] = nodes;
    await audit(survivor?.url ?? '', account, load, smsc, kills).catch((error: unknown) => {
      // A node that ends by itself has said why.
      const said = nodes.map((node) => `${node?.process.exitCode} ${node?.log().slice(-1_500)}`);
      throw new Error(`the audit failed; the nodes ended and said: ${said.join('\n')}`, { cause: error });
    });
    await Promise.all(nodes.map((node) => node?.stop()));
    await smsc.close();
    await postgres.stop();
  });
});
