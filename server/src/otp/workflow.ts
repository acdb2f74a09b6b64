import { isError, PassbellError } from '../errors.ts';
import type { Log } from '../observe/log.ts';
import { todo } from '../rules/workflow.ts';
import type { Store } from '../store/store.ts';
import type { Verification } from '../store/tables/verifications.ts';
import { rounds } from '../values/rounds.ts';
import type { SenderDeps } from './send.ts';
import { sendAgain } from './send-again.ts';
import type { Verdicts } from './verdicts.ts';

/** How often it is looked for verifications that are due. */
const LOOK_MS = 500;
/** Taken at once; of a full take more are waiting. */
const CHUNK = 100;
/** Nobody else takes it meanwhile; if this node stops, it comes back after so long. */
const HOLD_MS = 15_000;
/** How soon a step is tried again that could not be sent (no credits, no carrier): while the code lives. */
const AGAIN_MS = 5_000;

interface Deps extends SenderDeps {
  readonly store: Pick<Store, 'verifications' | 'accounts'>;
  readonly verdicts: Pick<Verdicts, 'on'>;
  readonly log: Log;
}

/** Does what verifications ask for as time passes: sends their next steps, and ends those that have expired or cannot be delivered. */
export interface Workflow {
  /** One look; returns how many were due. */
  look(): Promise<number>;
  start(): void;
  stop(): void;
}

/**
 * Any node may do any step: which one does is decided by the commit that sends it, for it goes from one step to the next once. So a step
 * is lost with no node, and none is sent twice.
 */
export function workflow(deps: Deps): Workflow {
  const { store, verdicts, clock, log } = deps;

  async function look(): Promise<number> {
    const due = await store.verifications.due(clock.now(), CHUNK, HOLD_MS);
    await Promise.all(due.map(attendSafely));
    return due.length;
  }

  /** What is in the way of one must not be in the way of the others; it comes back by itself. */
  async function attendSafely(verification: Verification): Promise<void> {
    try {
      await attend(verification);
    } catch (error) {
      if (!isError(error, 'unavailable')) log.error('step_failed', { verification: verification.id }, error);
    }
  }

  async function attend(verification: Verification): Promise<void> {
    const { accountId, id, dueAt: seenDueAt } = verification;
    const whose = { accountId, id, replay: null };
    const what = todo(verification, clock.now());
    switch (what.kind) {
      case 'expire':
        await verdicts.on({ ...whose, kind: 'end', state: 'expired' });
        return;
      case 'give_up':
        await verdicts.on({ ...whose, kind: 'end', state: 'undeliverable', seenDueAt });
        return;
      case 'wait':
        await verdicts.on({ ...whose, kind: 'postpone', dueAt: what.until, seenDueAt });
        return;
      case 'send': {
        const againMs = await send(verification, what.step);
        if (againMs === null) return;
        const dueAt = Math.min(clock.now() + againMs, verification.expiresAt);
        await verdicts.on({ ...whose, kind: 'postpone', dueAt, seenDueAt });
        return;
      }
      default:
        what satisfies never;
    }
  }

  /** Resolves to when to try again, ms from then; null: it was sent, or is nobody's any more. */
  async function send(verification: Verification, step: number): Promise<number | null> {
    const { accountId, steps } = verification;
    const next = steps[step];
    const account = await store.accounts.get(accountId);
    if (next === undefined || account === null) return null;
    if (account.disabledAt !== null) return AGAIN_MS;
    const { channel, carrier: via } = next;
    try {
      await sendAgain(verification, account, { kind: 'step', step, channel, via }, null, deps);
      return null;
    } catch (error) {
      if (!(error instanceof PassbellError) || error.code === 'unavailable') throw error;
      if (isError(error, 'verification_ended') || isError(error, 'conflict')) return null;
      log.warn('step_not_sent', { verification: verification.id, step, reason: error.code });
      return isError(error, 'rate_limited') ? Math.max(error.detail.retryAfterMs, AGAIN_MS) : AGAIN_MS;
    }
  }

  async function round(): Promise<number> {
    try {
      return (await look()) === CHUNK ? 0 : LOOK_MS;
    } catch (error) {
      if (!isError(error, 'unavailable')) log.error('workflow_failed', {}, error);
      return LOOK_MS;
    }
  }

  return { look, ...rounds(clock, round) };
}
