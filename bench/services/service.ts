import type { Target } from '../load/target.ts';
import type { Processes } from '../processes.ts';

export type ServiceName = 'kannel' | 'better-auth' | 'passbell-sqlite' | 'passbell-postgres';

/** Messages to carry, and where to. */
export interface Messages {
  readonly kind: 'messages';
  readonly smscPort: number;
  /** How many submits may wait for their answer; one bind. */
  readonly window: number;
  /** Whether each message asks for a delivery receipt. */
  readonly receipts: boolean;
  /** Where a service that does not keep delivery reports itself sends them by HTTP. */
  readonly reportsTo: string;
  /** Where a service that keeps them posts a callback for each final state; null: it posts none. */
  readonly callbacksTo: string | null;
}

/** Calls to place, and where to. */
export interface Calls {
  readonly kind: 'calls';
  /** Of the SIP trunk on loopback, UDP. */
  readonly trunkPort: number;
  readonly maxCalls: number;
  /** UDP ports for the sound. */
  readonly rtpPorts: { readonly first: number; readonly last: number };
  readonly callbacksTo: string;
}

/** Codes to check that the store holds already: nothing is sent. */
export interface Checks {
  readonly kind: 'checks';
  /** The one processor that the service may use. */
  readonly core: number;
  readonly callbacksTo: null;
}

/** What a service is set up for in one run. */
export interface Setup {
  readonly processes: Processes;
  /** An empty directory of its own. */
  readonly dir: string;
  readonly cargo: Messages | Calls | Checks;
}

/** A service under test, ready; one for messages binds to the SMSC by itself. */
export interface Running extends AsyncDisposable {
  readonly target: Target;
  /** Its processes; what descends from them belongs to it. */
  readonly pids: readonly number[];
  /** The database server's, when it has one. */
  readonly databasePids: readonly number[];
  /** It tells of final states by HTTP, where the setup says, rather than keep them. */
  readonly reportsByHttp: boolean;
  /** From the start of its first process until it took requests, ms. */
  readonly readyMs: number;
  /** Ends it and starts it again on what it has stored; resolves to the time that this start took, ms. */
  restart(): Promise<number>;
  /** Reads the account that sends, by a path of the service's own API. Rejects where the service has none. */
  read(path: string): Promise<unknown>;
}

export interface Service {
  readonly name: ServiceName;
  /** Rejects with what it cannot carry. */
  start(setup: Setup): Promise<Running>;
}
