import type { Target } from '../load/target.ts';
import type { Processes } from '../processes.ts';
import type { ServiceName } from '../services/service.ts';

export interface CheckSetup {
  readonly processes: Processes;
  /** An empty directory of its own. */
  readonly dir: string;
  /** Codes that wait to be checked: those of `codeOf`, for the numbers of `numberOf`. */
  readonly codes: number;
  /** The one processor that the service may use. */
  readonly core: number;
}

/** A service that checks codes, ready, over the codes that it was set up with. */
export interface CheckRunning extends AsyncDisposable {
  /** One check, with `{key}` and `{code}`. */
  readonly target: Target;
  /** What the i-th code is found by; equally long for all. */
  keyOf(i: number): string;
  /** Whether a wrong code is answered with a status of 400 or above. */
  readonly refusesWrong: boolean;
  readonly pids: readonly number[];
  /** The database server's, when it has one. */
  readonly databasePids: readonly number[];
  readonly readyMs: number;
  /** What its database says became of the codes. */
  counted(): Promise<Counted>;
}

export interface Counted {
  /** Codes that were given right, and cannot be again. */
  readonly approved: number;
  /** Wrong codes counted against those that can still be given. */
  readonly failures: number;
}

export interface CheckService {
  readonly name: ServiceName;
  start(setup: CheckSetup): Promise<CheckRunning>;
}
