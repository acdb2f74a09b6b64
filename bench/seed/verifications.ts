import { silentLog } from '../../server/src/observe/log.ts';
import { verificationStarter } from '../../server/src/otp/start-verification.ts';
import type { StartsVerification, StartVerification } from '../../server/src/otp/verification.ts';
import type { AcceptRequest, AcceptVerdict } from '../../server/src/rules/accept.ts';
import type { Outcome } from '../../server/src/rules/outcome.ts';
import { groupCommit } from '../../server/src/store/group-commit.ts';
import { openStore } from '../../server/src/store/open.ts';
import type { Store } from '../../server/src/store/store.ts';
import type { Account } from '../../server/src/store/tables/accounts.ts';
import { systemClock } from '../../server/src/values/clock.ts';
import { idSource } from '../../server/src/values/id.ts';
import { systemRandom } from '../../server/src/values/random.ts';
import { Secret } from '../../server/src/values/secret.ts';
import { loadKeys } from '../../server/src/vault/key-file.ts';
import { openVault } from '../../server/src/vault/open-vault.ts';
import { codeOf, MAX_ATTEMPTS, numberOf, TTL_MS } from '../checks/codes.ts';

const NODE = 'seed';
const CARRIER = 'bench';
/** Codes in one commit. */
const AT_ONCE = 1_000;

export interface SeededStore {
  /** Of the embedded store, or null. */
  readonly dataDir: string;
  readonly databaseUrl: string | null;
  readonly keyFile: string;
  /** The key file's text, where it is not in a file. */
  readonly keys: string | undefined;
}

/**
 * Puts `count` verifications into the store, with the service's own code for starting them and a carrier that takes every message.
 * The service has been started on the store before, and does not run now. Resolves to their ids.
 */
export async function seedVerifications(
  { dataDir, databaseUrl, keyFile, keys }: SeededStore,
  accountId: string,
  count: number,
): Promise<readonly string[]> {
  const random = systemRandom();
  const store = await openStore({ dataDir, databaseUrl, clock: systemClock, serving: false });
  try {
    const account = await store.accounts.get(accountId);
    if (account === null) throw new Error(`There is no account ${accountId}.`);
    const vault = openVault(await loadKeys({ env: keys, path: keyFile, create: false }, random, silentLog), random);
    const start = verificationStarter({
      ...{ vault, random, clock: systemClock, ids: idSource(systemClock, random) },
      delivery: { submit: committer(store) },
      carriers: { routes: () => [{ uplink: { name: CARRIER, status: () => ({ free: 1 }) }, priority: 1 }] },
      trunks: { routes: () => [] },
      renderCall: () => Promise.reject(new Error('There are no calls to seed.')),
    });
    return await startAll(start, account, count);
  } finally {
    await store.close();
  }
}

async function startAll(start: StartsVerification, account: Account, count: number): Promise<readonly string[]> {
  const ids: string[] = [];
  while (ids.length < count) {
    const next = Array.from({ length: Math.min(AT_ONCE, count - ids.length) }, (_, n) => ids.length + n);
    const started = await Promise.all(next.map((i) => start(verification(account, i))));
    ids.push(...started.map(({ id }) => id));
  }
  return ids;
}

function verification(account: Account, i: number): StartVerification {
  const code = codeOf(i);
  return {
    ...{ account, mode: 'live', dialect: 'native', code: new Secret(code) },
    number: { e164: numberOf(i), country: 'NP', type: 'mobile' },
    numberAsSent: numberOf(i),
    ...{ ttlMs: TTL_MS, maxAttempts: MAX_ATTEMPTS },
    messages: { sms: { text: `Your code is ${code}.`, sender: null }, voice: null },
    steps: [{ channel: 'sms', carrier: null, waitMs: 0 }],
    ...{ ip: null, bindIp: false, callbackUrl: null, metadata: {}, options: '{}', warnings: [], replay: null },
  };
}

/** Accepts as the service does, then has the message sent. */
function committer(store: Store): (request: AcceptRequest) => Promise<AcceptVerdict> {
  const lane = groupCommit<AcceptRequest, AcceptVerdict>(
    async (batch) => {
      const verdicts = await store.accept(batch, NODE, systemClock.now());
      await store.settle(batch.map(sent), [], null, systemClock.now());
      return verdicts;
    },
    { maxBatch: AT_ONCE },
  );
  return (request) => lane.add(request);
}

function sent({ accountId, deliveryId }: AcceptRequest): Outcome {
  const parts = [{ part: 1, outcome: 'accepted', code: 0, messageId: null }] as const;
  return {
    ...{ accountId, deliveryId, node: NODE, at: systemClock.now() },
    attempt: { n: 1, carrier: CARRIER, parts },
    next: { kind: 'final', state: 'sent', reason: null },
  };
}
