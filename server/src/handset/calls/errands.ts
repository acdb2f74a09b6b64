import { isError } from '../../errors.ts';
import type { Log } from '../../observe/log.ts';
import type { HandsetCallStore, HandsetErrand } from '../../store/tables/handset-calls.ts';
import type { Clock, Timer } from '../../values/clock.ts';
import type { IdSource } from '../../values/id.ts';
import type { Place, Vault } from '../../vault/vault.ts';
import type { CalleeAct } from './handset-calls.ts';

// A phone that is picked up half a second late is nobody's trouble; four small queries a second, while there is something to ask for.
const LOOK_MS = 250;
/** How often one who asks looks for the answer. */
const ANSWER_LOOK_MS = 100;
/** How long one who asks waits: a node that runs answers within a look and a commit or two. */
const PATIENCE_MS = 3_000;
const CHUNK = 50;

/** What is asked of the node that has a call. */
export type Ask = CalleeAct | { readonly kind: 'audio' };

export type Reply =
  | { readonly kind: 'done' }
  /** The call's state does not allow it, for this reason. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Octets of the line, base64. */
  | { readonly kind: 'audio'; readonly octets: string }
  /** The node has not, or no longer, what it is asked for. */
  | { readonly kind: 'gone' };

export interface ErrandsDeps {
  readonly store: { readonly handsetCalls: HandsetCallStore };
  readonly vault: Pick<Vault, 'seal' | 'open'>;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
  readonly node: string;
  /** Whether this node has anything that others may ask for. */
  readonly worthLooking: () => boolean;
  /** Does what is asked. */
  readonly run: (callId: string, ask: Ask) => Promise<Reply>;
}

/** Nodes do not know each other's addresses: what one asks of another goes through the store, sealed, and so does the answer. */
export interface Errands {
  /** Asks about a call of the account. Resolves to null when `node` does not answer in time; what was asked is then taken back. */
  ask(accountId: string, callId: string, node: string, ask: Ask): Promise<Reply | null>;
  /** Begins to look for what others ask. */
  start(): void;
  stop(): void;
}

export function openErrands({ store, vault, clock, ids, log, node, worthLooking, run }: ErrandsDeps): Errands {
  const table = store.handsetCalls;
  /** What was done and could not be answered yet: a key must not be pressed twice because the store stumbled. */
  let done: ReadonlyMap<string, Reply> = new Map();
  let timer: Timer | undefined;
  let stopped = false;

  async function look(): Promise<void> {
    try {
      if (worthLooking()) await serveAll(await table.asked(node, CHUNK));
    } catch (error) {
      if (!isError(error, 'unavailable')) log.error('handset_errands_failed', {}, error);
    }
    if (!stopped) timer = clock.after(LOOK_MS, look);
  }

  async function serveAll(errands: readonly HandsetErrand[]): Promise<void> {
    const replies = await Promise.all(errands.map(async (errand) => done.get(errand.id) ?? (await serve(errand))));
    done = new Map(errands.map(({ id }, i) => [id, replies[i] as Reply]));
    for (const { accountId, id } of errands) {
      const reply = JSON.stringify(done.get(id));
      await table.answer(accountId, id, vault.seal(place(accountId, id, 'answer'), reply));
    }
  }

  async function serve({ accountId, id, callId, askSealed }: HandsetErrand): Promise<Reply> {
    const text = vault.open(place(accountId, id, 'ask'), askSealed);
    return text === null ? { kind: 'gone' } : run(callId, JSON.parse(text) as Ask);
  }

  async function answered(accountId: string, id: string): Promise<Reply | null> {
    const until = clock.elapsed() + PATIENCE_MS;
    while (clock.elapsed() < until) {
      const { promise, resolve } = Promise.withResolvers<void>();
      clock.after(ANSWER_LOOK_MS, resolve);
      await promise;
      const sealed = await table.answered(accountId, id);
      if (sealed === null) continue;
      const text = vault.open(place(accountId, id, 'answer'), sealed);
      return text === null ? null : (JSON.parse(text) as Reply);
    }
    return null;
  }

  return {
    async ask(accountId, callId, owner, ask) {
      const id = ids();
      const askSealed = vault.seal(place(accountId, id, 'ask'), JSON.stringify(ask));
      await table.ask({ accountId, id, callId, node: owner, askSealed, createdAt: clock.now() });
      try {
        return await answered(accountId, id);
      } finally {
        // What stays behind is swept.
        await table.callOff(accountId, id).catch(() => {});
      }
    },
    start() {
      timer = clock.after(LOOK_MS, look);
    },
    stop() {
      stopped = true;
      timer?.cancel();
    },
  };
}

function place(account: string, id: string, cell: 'ask' | 'answer'): Place {
  return { account, row: `${id}/${cell}`, column: 'handset' };
}
