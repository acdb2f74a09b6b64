import type { Give } from './checks/run-checks.ts';
import type { ServiceName } from './services/service.ts';

export type ScenarioName =
  | 'plain'
  | 'receipts'
  | 'receipts+callbacks'
  | 'far'
  | 'paced'
  | 'full'
  | 'start'
  | 'calls'
  | 'checks-wrong'
  | 'checks-right';

export interface Scenario {
  readonly name: ScenarioName;
  readonly title: string;
  readonly load: Load;
  /** How long the load is measured, unless the flags say otherwise. */
  readonly seconds: number;
  /** From a message's arrival at the SMSC to its answer, ms. */
  readonly latencyMs: number;
  readonly receipts: boolean;
  /** A service that keeps receipts posts a callback for each final state. */
  readonly callbacks: boolean;
  /** Rows that the store holds before the run. */
  readonly seeded: number;
  readonly services: readonly ServiceName[];
}

export type Load =
  /** 64 connections that send as fast as they are answered. */
  | { readonly kind: 'flood' }
  /** An open loop at a set rate. */
  | { readonly kind: 'pace'; readonly perSecond: number }
  /** Calls at a set rate, in place of messages; each lasts for thirteen seconds. */
  | { readonly kind: 'calls'; readonly perSecond: number }
  /** Codes that are checked by 128 connections as fast as they are answered: nothing is sent. */
  | { readonly kind: 'checks'; readonly give: Give }
  /** None: the service is started, ended and started again. */
  | { readonly kind: 'none' };

/** Submits that may wait for their answer, in every scenario and for every service; one bind. */
export const WINDOW = 100;

const ALL = ['kannel', 'passbell-sqlite', 'passbell-postgres'] as const;
const PASSBELL = ['passbell-sqlite', 'passbell-postgres'] as const;
const CHECKING = ['better-auth', 'passbell-sqlite', 'passbell-postgres'] as const;
const near = {
  load: { kind: 'flood' },
  seconds: 10,
  latencyMs: 0,
  receipts: false,
  callbacks: false,
  seeded: 0,
  services: ALL,
} as const;
const calls = { load: { kind: 'calls', perSecond: 40 }, seconds: 25, services: PASSBELL } as const;

export const SCENARIOS: readonly Scenario[] = [
  { ...near, name: 'plain', title: 'carrier answers at once, no receipts' },
  { ...near, name: 'receipts', title: 'a receipt for every message', receipts: true },
  {
    ...near,
    name: 'receipts+callbacks',
    title: 'a receipt and a callback for every message',
    receipts: true,
    callbacks: true,
  },
  { ...near, name: 'far', title: 'carrier answers after 20 ms', latencyMs: 20 },
  { ...near, name: 'paced', title: '1,000 sends a second', load: { kind: 'pace', perSecond: 1000 } },
  { ...near, name: 'full', title: 'over 5 million codes', seeded: 5_000_000, services: PASSBELL },
  { ...near, name: 'start', title: 'start to ready', load: { kind: 'none' } },
  { ...near, ...calls, name: 'calls', title: '1,000 calls, 40 a second, 500 at once' },
  checks('checks-wrong', 'wrong codes, by one core', 'wrong'),
  checks('checks-right', 'right codes, by one core', 'right'),
];

function checks(name: ScenarioName, title: string, give: Give): Scenario {
  return { ...near, name, title, load: { kind: 'checks', give }, services: CHECKING };
}
