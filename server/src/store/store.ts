import type { AcceptRequest, AcceptVerdict } from '../rules/accept.ts';
import type { Outcome, Receipt } from '../rules/outcome.ts';
import type { SettleVerdict } from '../rules/settle.ts';
import type { VerifyRequest, VerifyVerdict } from '../rules/verify.ts';
import type { AccountStore } from './tables/accounts.ts';
import type { AudioStore } from './tables/audio.ts';
import type { AuditStore } from './tables/audit.ts';
import type { CallbackEndpointStore } from './tables/callback-endpoints.ts';
import type { CallbackStore } from './tables/callbacks.ts';
import type { CallStore } from './tables/calls.ts';
import type { CreditStore } from './tables/credits.ts';
import type { ErasureStore } from './tables/erasure.ts';
import type { ExportStore } from './tables/exports.ts';
import type { HandsetStore } from './tables/handset.ts';
import type { HandsetCallStore } from './tables/handset-calls.ts';
import type { KeyProofStore } from './tables/key-proof.ts';
import type { KeyStore } from './tables/keys.ts';
import type { MessageStore } from './tables/messages.ts';
import type { OtpStore } from './tables/otps.ts';
import type { ReplayStore } from './tables/replays.ts';
import type { RetentionStore } from './tables/retention.ts';
import type { SigningSecretStore } from './tables/signing-secrets.ts';
import type { StrayStore } from './tables/strays.ts';
import type { TemplateStore } from './tables/templates.ts';
import type { UplinkStore } from './tables/uplinks.ts';
import type { UserStore } from './tables/users.ts';
import type { VerificationStore } from './tables/verifications.ts';

/**
 * Where everything durable lives. The hot path (`accept`, `settle`, `claim`) is written by hand for each engine: load and lock,
 * judge by the pure rules, save, commit. Everything else is written once (`tables/`) and runs on every engine.
 *
 * Every method is atomic and durable when it resolves: what it wrote survives kill -9 of this process and of the machine.
 * A method rejects with `PassbellError('unavailable', { reason: 'store' })` when the engine cannot be reached; nothing it was
 * asked to write is then known to be written.
 */
export interface Store {
  readonly kind: 'sqlite' | 'postgres';

  /** How many questions to the engine were never answered since the start: what they asked for may have been done. Only ever grows. */
  readonly doubts: number;

  /** Judges and saves a batch in one commit, its deliveries as `node`'s; one verdict per request, in order. Rejects as a whole, or not at all. */
  accept(batch: readonly AcceptRequest[], node: string, now: number): Promise<readonly AcceptVerdict[]>;

  /**
   * Judges checks of codes and wishes about verifications, and saves them in one commit, with the callbacks that this makes due as `node`'s; one
   * verdict per request, in order.
   */
  verify(batch: readonly VerifyRequest[], node: string, now: number): Promise<readonly VerifyVerdict[]>;

  /**
   * Applies outcomes, then receipts, in one commit, and writes the callbacks that this makes due as `node`'s, which sends them (null: as
   * nobody's yet); verdicts in the order given: outcomes first.
   */
  settle(
    outcomes: readonly Outcome[],
    receipts: readonly Receipt[],
    node: string | null,
    now: number,
  ): Promise<readonly SettleVerdict[]>;

  /**
   * Takes over deliveries for `node`, oldest first: queued ones that have no node, or whose node's lease ran out. Never `node`'s own:
   * those are in its memory. Skips what another claim holds at the moment. Leases are compared by the engine's one clock, so that a
   * node whose clock is wrong takes nothing that is not free.
   */
  claim(node: string, limit: number): Promise<readonly ClaimedDelivery[]>;

  /**
   * Ends submitted messages whose receipt did not come in time (`sent`, hold captured), and calls whose node stopped while they went on
   * (`failed`, hold released). Returns how many.
   */
  closeOverdue(now: number, limit: number): Promise<number>;

  readonly nodes: NodeStore;
  readonly accounts: AccountStore;
  readonly users: UserStore;
  readonly keys: KeyStore;
  readonly keyProof: KeyProofStore;
  readonly credits: CreditStore;
  readonly otps: OtpStore;
  readonly verifications: VerificationStore;
  readonly calls: CallStore;
  readonly messages: MessageStore;
  readonly callbacks: CallbackStore;
  readonly strays: StrayStore;
  readonly callbackEndpoints: CallbackEndpointStore;
  readonly signingSecrets: SigningSecretStore;
  readonly audio: AudioStore;
  readonly templates: TemplateStore;
  readonly carriers: UplinkStore<'smpp'>;
  readonly trunks: UplinkStore<'sip'>;
  readonly handset: HandsetStore;
  readonly handsetCalls: HandsetCallStore;
  readonly replays: ReplayStore;
  readonly audit: AuditStore;
  readonly exports: ExportStore;
  readonly erasure: ErasureStore;
  readonly retention: RetentionStore;

  /**
   * Forgets what has run out: limits that are full again, failed checks a day old, receipts whose message never came (kept a day), names
   * of nodes that are long gone. At most `limit` rows of each; returns how many.
   */
  sweep(now: number, limit: number): Promise<number>;

  /** A number that grows with every change of accounts, keys, users or carriers by any process: what caches are checked against. */
  revision(): Promise<number>;

  /** Resolves when the engine answers a trivial query. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** A delivery taken over from a node that stopped, with what is needed to send it. */
export interface ClaimedDelivery {
  readonly accountId: string;
  readonly deliveryId: string;
  readonly otpId: string;
  readonly mode: 'test' | 'live';
  readonly channel: 'sms' | 'voice';
  readonly numberSealed: string;
  readonly contentSealed: string | null;
  /** What it says where its otp's content is another's; null: that is its own. */
  readonly ownContentSealed: string | null;
  /** The uplink that is asked first. */
  readonly via: string | null;
  readonly options: string;
  readonly expiresAt: number;
  /** Tries so far whose outcome was saved. */
  readonly tries: number;
  /** How often the delivery changed hands with no outcome saved in between: a try may have been lost with its node. */
  readonly handovers: number;
}

/** The leases of running nodes: one row a node, renewed by it, so that a lease costs nothing per delivery. */
export interface NodeStore {
  /**
   * Registers or renews a lease of `ttlMs` from now, by the engine's clock. Resolves to false when the lease had run out and other
   * nodes may have taken this node's work: its name is then spent.
   */
  beat(node: string, ttlMs: number): Promise<boolean>;
  /** Gives the lease up: what is still queued can be claimed at once. */
  leave(node: string): Promise<void>;
  list(): Promise<readonly { readonly node: string; readonly aliveUntil: number }[]>;
}
