import type { Target } from '../load/target.ts';
import type { Processes } from '../processes.ts';

export type ServiceName = 'kannel' | 'passbell-sqlite' | 'passbell-postgres';

/** What a service is set up for in one run. */
export interface Setup {
  readonly processes: Processes;
  /** An empty directory of its own. */
  readonly dir: string;
  readonly smscPort: number;
  /** How many submits may wait for their answer; one bind. */
  readonly window: number;
  /** Whether each message asks for a delivery receipt. */
  readonly receipts: boolean;
  /** Where a service that does not keep delivery reports itself sends them by HTTP. */
  readonly reportsTo: string;
}

/** A service under test, ready and bound to the SMSC. */
export interface Running extends AsyncDisposable {
  readonly target: Target;
  /** Its processes; what descends from them belongs to it. */
  readonly pids: readonly number[];
  /** The database server's, when it has one. */
  readonly databasePids: readonly number[];
  /** From the start of its first process until it took requests, ms. */
  readonly readyMs: number;
  /** Ends it and starts it again on what it has stored; resolves to the time that this start took, ms. */
  restart(): Promise<number>;
}

export interface Service {
  readonly name: ServiceName;
  start(setup: Setup): Promise<Running>;
}
