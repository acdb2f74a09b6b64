import type { Clock } from '../../../values/clock.ts';
import type { Random } from '../../../values/random.ts';
import { connectCure, registerCure, silentCure } from './check-cures.ts';
import { authenticator } from './digest.ts';
import { answerWithin, type ExchangeDeps } from './exchange.ts';
import { freshCallId, freshTag } from './ids.ts';
import type { SipResponse } from './message/sip-message.ts';
import { optionsRequest } from './options-request.ts';
import { registerRequest } from './registration/register-request.ts';
import type { SipStack } from './stack.ts';
import { locate, type Place } from './targets/locate.ts';
import { reach } from './targets/reach.ts';
import type { Resolver } from './targets/resolver.ts';
import type { Local, Target } from './transport/target.ts';
import type { TrunkConfig } from './trunk-config.ts';

export type TrunkStepName = 'resolve' | 'connect' | 'tls' | 'options' | 'register';

/** One step of a check: what was found, what should have been, and what to do where the two differ. */
export interface TrunkStep {
  readonly step: TrunkStepName;
  /** Which of the trunk's hosts it is about. */
  readonly host: string;
  readonly ok: boolean;
  readonly found: string;
  readonly expected: string;
  /** A sentence for people; null when nothing is to be mended. */
  readonly cure: string | null;
}

export interface TrunkReport {
  readonly ok: boolean;
  /** In order: of each host, up to the first that failed. */
  readonly steps: readonly TrunkStep[];
}

export interface CheckTrunkDeps {
  /** One of the check's own, opened for this trunk (its `tls_ca`) and closed by the caller: the trunk's own may be busy. */
  readonly stack: SipStack;
  readonly resolver: Resolver;
  readonly clock: Clock;
  readonly random: Random;
}

type Finding = Pick<TrunkStep, 'ok' | 'found' | 'expected' | 'cure'>;

/**
 * Tries a trunk step by step, the way a call would: resolve, connect (with TLS, verified), OPTIONS, and REGISTER where it is to be
 * registered with. Never rejects, calls nobody, says no password, and changes no registration: it only asks what there is.
 */
export async function checkTrunk(config: TrunkConfig, deps: CheckTrunkDeps): Promise<TrunkReport> {
  const steps: TrunkStep[] = [];
  for (const place of config.places) await checkPlace(config, place, deps, steps);
  return { ok: steps.every(({ ok }) => ok), steps };
}

async function checkPlace(config: TrunkConfig, place: Place, deps: CheckTrunkDeps, steps: TrunkStep[]): Promise<void> {
  const { credentials, giveUpMs } = config;
  const auth =
    credentials === null
      ? null
      : authenticator({ username: credentials.authUsername, password: credentials.password.reveal() }, deps.random);
  const note = (step: TrunkStepName, finding: Finding): boolean => {
    steps.push({ step, host: place.host, ...finding });
    return finding.ok;
  };

  const targets = await locate(place, deps.resolver, deps.random).catch(() => []);
  const [target] = targets;
  if (!note('resolve', resolved(place, targets)) || target === undefined) return;
  const reached = await reach(deps.stack, target, giveUpMs, deps.clock);
  const step = place.transport === 'tls' ? 'tls' : 'connect';
  if (!note(step, connected(target, reached)) || 'error' in reached) return;

  const asking = asker({ stack: deps.stack, auth }, target, giveUpMs, deps);
  const ids = { callId: freshCallId(deps.random), tag: freshTag(deps.random) };
  const options = await asking((number) => optionsRequest({ config, target, local: reached.local, ...ids, number }));
  if (!note('options', answeredOptions(options, place, giveUpMs))) return;
  if (!config.register || credentials === null) return;
  const { username } = credentials;
  const parts = { config, username, target, callId: freshCallId(deps.random), tag: ids.tag, binding: null };
  note('register', answeredRegister(await asking((number) => registerRequest({ ...parts, number }))));
}

/** Asks one target; each request that goes out has the next number. */
function asker(deps: ExchangeDeps, target: Target, ms: number, { clock }: CheckTrunkDeps) {
  let number = 0;
  return async (build: (number: number) => ReturnType<typeof optionsRequest>): Promise<SipResponse | null> => {
    const next = () => {
      number += 1;
      return build(number);
    };
    const answer = await answerWithin(ms, clock, deps, next, target);
    return typeof answer === 'string' ? null : answer;
  };
}

function resolved({ host, port, transport }: Place, targets: readonly Target[]): Finding {
  const expected = port === null ? `a service record for ${transport}, or an address` : 'an address';
  if (targets.length > 0) {
    const found = targets.map((target) => `${target.address} port ${target.port}`).join(', ');
    return { ok: true, found, expected, cure: null };
  }
  const cure = `Look at host, and at this machine's DNS: ${host} has no address.`;
  return { ok: false, found: 'nothing', expected, cure };
}

function connected(
  { transport, address, port, serverName }: Target,
  reached: { local: Local } | { error: unknown },
): Finding {
  const expected =
    transport === 'tls'
      ? `TLS with a certificate for ${serverName}`
      : `a way to ${address} port ${port} over ${transport}`;
  if ('local' in reached) {
    const found = `${transport} from ${reached.local.host} port ${reached.local.port}`;
    return { ok: true, found: transport === 'tls' ? `${found}, certificate verified` : found, expected, cure: null };
  }
  const { error } = reached;
  const code = error === null ? null : codeOf(error);
  return { ok: false, found: code ?? 'nothing in time', expected, cure: connectCure(code, transport) };
}

/** The system's code of an error; its text may quote what it must not. */
function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : 'error';
}

/** Whatever it says, it speaks SIP, and to us: many trunks refuse an OPTIONS and take calls. */
function answeredOptions(answer: SipResponse | null, place: Place, ms: number): Finding {
  const expected = `an answer within ${ms / 1_000} s`;
  if (answer !== null) return { ok: true, found: String(answer.status), expected, cure: null };
  return { ok: false, found: 'no answer', expected, cure: silentCure(place) };
}

function answeredRegister(answer: SipResponse | null): Finding {
  const expected = '200';
  if (answer !== null && answer.status < 300) return { ok: true, found: String(answer.status), expected, cure: null };
  const status = answer?.status ?? null;
  return { ok: false, found: status === null ? 'no answer' : String(status), expected, cure: registerCure(status) };
}
