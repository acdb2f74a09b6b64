import type { Call } from './calls-api.ts';

/** Waits for what is done about a call, and shows what came of it. Resolves to whether it was done. */
export type Run = (doing: Promise<Call>) => Promise<boolean>;
