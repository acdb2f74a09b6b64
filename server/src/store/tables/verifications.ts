import type { Channel } from '../../errors.ts';
import type { Dialect, Mode } from '../../rules/accept.ts';
import type { DeliveryState, Reason } from '../../rules/outcome.ts';
import type { VerificationRow, VerificationState } from '../../rules/verification.ts';
import type { AttemptRow } from './otps.ts';

/** Which verification a check is for: the one with this id, or the newest that was made for a number in one mode and dialect. */
export type VerificationQuery = QueryById | QueryByNumber;

interface Asked {
  readonly accountId: string;
  readonly mode: Mode;
  readonly dialect: Dialect;
}

export interface QueryById extends Asked {
  readonly id: string;
}

export interface QueryByNumber extends Asked {
  readonly numberDigest: string;
  /** `pending`: an ended one hides none that still runs. */
  readonly among: 'pending' | 'all';
}

/** What a code is compared with. */
export interface CheckFacts {
  readonly accountId: string;
  readonly id: string;
  readonly mode: Mode;
  readonly dialect: Dialect;
  readonly numberDigest: string;
  /** Null once it has ended. */
  readonly codeDigest: string | null;
  readonly ipDigest: string | null;
}

/** A verification with everything that was sent for it. Sealed cells are opened by whoever may. */
export interface Verification extends VerificationRow {
  readonly mode: Mode;
  readonly dialect: Dialect;
  readonly numberDigest: string;
  readonly createdAt: number;
  readonly finalAt: number | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
  readonly callbackSealed: string | null;
  /** Null once it was erased, as the content. */
  readonly numberSealed: string | null;
  readonly contentSealed: string | null;
  readonly options: string;
  /** Oldest first. */
  readonly deliveries: readonly VerificationDelivery[];
}

/** One send of a verification, with its tries. */
export interface VerificationDelivery {
  readonly id: string;
  readonly channel: Channel;
  readonly state: DeliveryState;
  readonly reason: Reason | null;
  /** The uplink that was tried last. */
  readonly carrier: string | null;
  readonly segments: number;
  /** Held for it; charged unless it failed. */
  readonly credits: number;
  /** What the call speaks, ms; null for a message. */
  readonly spokenMs: number | null;
  readonly answeredAt: number | null;
  readonly createdAt: number;
  readonly submittedAt: number | null;
  readonly finalAt: number | null;
  readonly tries: readonly AttemptRow[];
}

export interface VerificationFilter {
  readonly mode?: Mode;
  readonly numberDigest?: string;
  /** `pending` and `expired` go by the clock, not by whether somebody has looked. */
  readonly state?: VerificationState;
  /** Inclusive, ms since the epoch. */
  readonly createdAfter?: number;
  /** Exclusive. */
  readonly createdBefore?: number;
}

/** Codes that are checked here. What changes them is judged: `Store.verify`, and `Store.accept` for what is sent. */
export interface VerificationStore {
  /** In the order asked; null where there is none. */
  find(queries: readonly VerificationQuery[], now: number): Promise<readonly (CheckFacts | null)[]>;
  get(accountId: string, id: string): Promise<Verification | null>;
  /** Newest first, after the verification with id `after`. */
  after(
    accountId: string,
    filter: VerificationFilter,
    limit: number,
    after: string | null,
    now: number,
  ): Promise<readonly Verification[]>;
  /**
   * Takes over those that are to be looked at, longest due first, and puts each off by `holdMs`: nobody else gets it meanwhile, and it
   * comes back if whoever took it stops. Skips what another batch holds at the moment.
   */
  due(now: number, limit: number, holdMs: number): Promise<readonly Verification[]>;
  /** Deliveries that a node has still to hand over although the verification whose code they carry has ended; their ids. */
  withdrawn(node: string): Promise<ReadonlySet<string>>;
}
