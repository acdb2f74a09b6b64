/** An answered (or running) request with an Idempotency-Key, other than a send: those are judged with their batch. */
export interface ReplayAnswer {
  readonly accountId: string;
  readonly key: string;
  readonly bodyDigest: string;
  /** Null while the first request runs. */
  readonly answerSealed: string | null;
  readonly keepUntil: number;
}

export interface ReplayStore {
  /** Claims the key, or returns what stands there. Of two racing calls exactly one gets `null`. */
  begin(answer: ReplayAnswer, now: number): Promise<ReplayAnswer | null>;
  finish(accountId: string, key: string, answerSealed: string): Promise<void>;
  /** Forgets a claim whose request failed before it did anything. */
  abandon(accountId: string, key: string): Promise<void>;
  sweep(now: number, limit: number): Promise<number>;
}
