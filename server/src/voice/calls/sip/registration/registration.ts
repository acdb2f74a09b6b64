import type { Log } from '../../../../observe/log.ts';
import type { Clock, Timer } from '../../../../values/clock.ts';
import type { Random } from '../../../../values/random.ts';
import { answerWithin, type ExchangeDeps } from '../exchange.ts';
import { freshCallId, freshTag } from '../ids.ts';
import type { SipResponse } from '../message/sip-message.ts';
import type { SipStack } from '../stack.ts';
import { reach } from '../targets/reach.ts';
import { retryAfterMs } from '../targets/retry-after.ts';
import type { TrunkTargets } from '../targets/trunk-targets.ts';
import type { Local, Target } from '../transport/target.ts';
import type { TrunkConfig } from '../trunk-config.ts';
import { grantedSeconds } from './granted.ts';
import { registerRequest } from './register-request.ts';

export interface RegistrationDeps extends ExchangeDeps {
  /** The trunk's, for the log. */
  readonly name: string;
  readonly stack: Pick<SipStack, 'request' | 'local'>;
  readonly config: TrunkConfig;
  readonly targets: Pick<TrunkTargets, 'choose' | 'silent' | 'asked' | 'answered'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Called when `registered` or `trouble` changed. */
  readonly changed: () => void;
}

/** Our address at a trunk, kept there until it is stopped. */
export interface Registration {
  /** Whether the trunk has it now. */
  registered(): boolean;
  /** A sentence for people; null: all is well. */
  trouble(): string | null;
  /** Takes the address back, and waits a moment for the answer. */
  stop(): Promise<void>;
}

/** Waits after failures in a row, s: the first, doubled each time, and the longest. Registrars shut out those who guess passwords. */
const WAITS = { failed: { first: 2, longest: 60 }, shutOut: { first: 60, longest: 300 } } as const;
const LONGEST_EXPIRES = 86_400;
const SHORTEST_EXPIRES = 10;
/** The service ends within seconds: an address that is not taken back runs out by itself. */
const STOP_MS = 2_000;

type Tried =
  | { readonly kind: 'granted'; readonly seconds: number; readonly target: Target; readonly local: Local }
  | { readonly kind: 'refused'; readonly response: SipResponse }
  | { readonly kind: 'silent' };

export function keepRegistered(deps: RegistrationDeps, username: string): Registration {
  const { name, config, targets, clock, random, stack, log } = deps;
  const ids = { callId: freshCallId(random), tag: freshTag(random) };
  let number = 0;
  let expires = config.registerExpiresMs / 1_000;
  let validUntil = Number.NEGATIVE_INFINITY;
  let trouble: string | null = 'It is not registered yet.';
  let failures = 0;
  let bound: { readonly target: Target; readonly local: Local } | null = null;
  let timer: Timer | undefined;
  let runsOut: Timer | undefined;
  let stopped = false;

  function ask(
    target: Target,
    local: Local,
    seconds: number,
    ms: number,
  ): Promise<SipResponse | 'timeout' | 'transport'> {
    const build = () => {
      number += 1;
      return registerRequest({ config, username, target, ...ids, number, binding: { local, expires: seconds } });
    };
    return answerWithin(ms, clock, deps, build, target);
  }

  /** At one target. A registrar that wants longer intervals says which (423), and gets them. */
  async function tryAt(target: Target): Promise<Tried> {
    const reached = await reach(stack, target, config.giveUpMs, clock);
    if ('error' in reached) return { kind: 'silent' };
    const { local } = reached;
    for (let tries = 0; ; tries++) {
      const answer = await ask(target, local, expires, config.giveUpMs);
      if (answer === 'timeout' || answer === 'transport') return { kind: 'silent' };
      if (answer.status < 300)
        return { kind: 'granted', seconds: grantedSeconds(answer, local, expires), target, local };
      const least = answer.status === 423 ? Number(answer.headers.get('Min-Expires')) : Number.NaN;
      if (!(least > expires && least <= LONGEST_EXPIRES) || tries > 0) return { kind: 'refused', response: answer };
      expires = Math.ceil(least);
    }
  }

  async function run(): Promise<void> {
    let last: Tried = { kind: 'silent' };
    for (const target of await targets.choose()) {
      if (stopped) return;
      last = await tryAt(target);
      if (last.kind === 'silent') targets.silent(target);
      else if (last.kind === 'granted') targets.answered(target);
      else noteRefusal(last.response, target);
      // Whoever refuses is the registrar: its backups would say the same, but for those that cannot serve just now.
      if (last.kind === 'granted' || (last.kind === 'refused' && last.response.status < 500)) break;
    }
    if (!stopped) settle(last);
  }

  function noteRefusal(response: SipResponse, target: Target): void {
    const ms = response.status === 503 ? retryAfterMs(response) : null;
    if (ms === null) targets.answered(target);
    else targets.asked(target, ms);
  }

  function settle(tried: Tried): void {
    if (tried.kind === 'granted') {
      const seconds = Math.max(SHORTEST_EXPIRES, tried.seconds);
      if (trouble !== null) log.info('trunk_registered', { trunk: name, seconds });
      bound = { target: tried.target, local: tried.local };
      failures = 0;
      trouble = null;
      validUntil = clock.elapsed() + 1_000 * seconds;
      runsOut?.cancel();
      runsOut = clock.after(1_000 * seconds, deps.changed);
      // Early enough for a few more tries before it runs out.
      next(800 * seconds);
    } else {
      const { sentence, wait } = failed(tried);
      const status = tried.kind === 'refused' ? tried.response.status : null;
      if (trouble !== sentence) log.warn('trunk_not_registered', { trunk: name, status });
      trouble = sentence;
      const ceiling = Math.min(wait.longest, wait.first * 2 ** Math.min(failures, 10));
      failures += 1;
      // Jitter, so that trunks that were lost together do not come back together.
      next(1_000 * Math.ceil(ceiling / 2) + random.below(500 * ceiling + 1));
    }
    deps.changed();
  }

  function next(ms: number): void {
    timer = clock.after(ms, start);
  }

  function start(): void {
    run().catch((error: unknown) => {
      log.error('trunk_registration_broke', { trunk: name }, error);
      if (!stopped) settle({ kind: 'silent' });
    });
  }

  start();
  return {
    registered: () => clock.elapsed() < validUntil,
    trouble: () => trouble,
    async stop() {
      stopped = true;
      timer?.cancel();
      runsOut?.cancel();
      const isBound = clock.elapsed() < validUntil;
      validUntil = Number.NEGATIVE_INFINITY;
      if (isBound && bound !== null) await ask(bound.target, bound.local, 0, STOP_MS);
    },
  };
}

function failed(tried: Exclude<Tried, { kind: 'granted' }>): {
  readonly sentence: string;
  readonly wait: (typeof WAITS)[keyof typeof WAITS];
} {
  if (tried.kind === 'silent') {
    return { sentence: 'The registrar does not answer: look at host, port and transport.', wait: WAITS.failed };
  }
  const { status } = tried.response;
  if (status === 401 || status === 407 || status === 403) {
    return { sentence: `The registrar refuses us (${status}): look at username and password.`, wait: WAITS.shutOut };
  }
  return {
    sentence: `The registrar refuses to register us (${status}): ask the trunk's operator why.`,
    wait: WAITS.failed,
  };
}
