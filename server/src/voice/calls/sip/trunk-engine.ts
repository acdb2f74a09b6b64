import type { Log } from '../../../observe/log.ts';
import type { Clock } from '../../../values/clock.ts';
import type { Random } from '../../../values/random.ts';
import type { Call, CallEngine, CallEvent, CallPlan, EngineStatus } from '../call-engine.ts';
import type { MediaPool } from '../rtp/media.ts';
import type { Conversation } from './call/conversation.ts';
import { cancelledEnd, failedEnd } from './call/outcome.ts';
import { trunkCall } from './call/trunk-call.ts';
import { nextHop } from './dialog/next-hop.ts';
import { authenticator } from './digest.ts';
import { outsideRequests } from './outside-requests.ts';
import { keepRegistered } from './registration/registration.ts';
import type { SipStack } from './stack.ts';
import type { Resolver } from './targets/resolver.ts';
import { trunkTargets } from './targets/trunk-targets.ts';
import type { TrunkConfig } from './trunk-config.ts';

export interface TrunkEngineDeps {
  readonly name: string;
  readonly config: TrunkConfig;
  /** This trunk's own: the engine listens to all that comes in. It is not closed here. */
  readonly stack: SipStack;
  readonly media: MediaPool;
  readonly resolver: Resolver;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

const NOTHING: Call = { play() {}, hangUp() {} };

/** A SIP trunk. */
export function trunkEngine(deps: TrunkEngineDeps): CallEngine {
  const { name, config, stack, clock, random, log } = deps;
  const { credentials } = config;
  const auth =
    credentials === null
      ? null
      : authenticator({ username: credentials.authUsername, password: credentials.password.reveal() }, random);
  const conversations = new Map<string, Conversation>();
  const open = new Set<Call>();
  const listeners: (() => void)[] = [];
  let closed = false;
  let refusedAs: number | null = null;
  let idle = () => {};

  const targets = trunkTargets({
    ...{ places: config.places, resolver: deps.resolver, clock, random, changed: announce },
    leftAlone: ({ address, port }, ms) => log.warn('trunk_target_left_alone', { trunk: name, address, port, ms }),
  });
  const callDeps = {
    ...{ stack, clock, random, auth, config, targets, conversations, log },
    media: deps.media,
    nextHop: nextHop(deps.resolver, random),
    onFinal,
  };
  const registration =
    config.register && credentials !== null
      ? keepRegistered({ ...callDeps, name, changed: announce }, credentials.username)
      : null;
  stack.onRequest(outsideRequests(conversations));
  // So that its state is known before the first call.
  void targets.choose();

  function announce(): void {
    for (const listener of listeners) listener();
  }

  function onFinal(status: number): void {
    const earlier = refusedAs;
    refusedAs = status === 401 || status === 407 ? status : null;
    if (refusedAs === earlier) return;
    if (refusedAs !== null) log.warn('trunk_refuses_credentials', { trunk: name, status });
    announce();
  }

  function place(plan: CallPlan, listener: (event: CallEvent) => void, signal: AbortSignal): Call {
    if (closed) return stillborn(listener, failedEnd('The trunk is closed', 'elsewhere'));
    if (signal.aborted) return stillborn(listener, cancelledEnd(null));
    if (open.size >= config.maxCalls) return stillborn(listener, failedEnd('The trunk has no free line', 'elsewhere'));
    const hangUp = () => call.hangUp();
    const call = trunkCall(plan, callDeps, (event) => {
      if (event.kind === 'ended') {
        signal.removeEventListener('abort', hangUp);
        open.delete(call);
      }
      listener(event);
      if (event.kind === 'ended') freed();
    });
    open.add(call);
    signal.addEventListener('abort', hangUp, { once: true });
    return call;
  }

  function stillborn(listener: (event: CallEvent) => void, end: ReturnType<typeof failedEnd>): Call {
    queueMicrotask(() => listener({ kind: 'ended', at: clock.now(), end }));
    return NOTHING;
  }

  function freed(): void {
    announce();
    if (open.size === 0) idle();
  }

  function status(): EngineStatus {
    const down = closed ? 'It was closed.' : whyDown();
    if (down !== null) return { state: 'down', free: 0, trouble: down };
    const trouble = whyDegraded();
    return { state: trouble === null ? 'up' : 'degraded', free: config.maxCalls - open.size, trouble };
  }

  function whyDown(): string | null {
    const { known, out, resolved } = targets.count();
    if (!resolved) return 'The host has no address: look at host, and at the DNS of this machine.';
    if (registration?.registered() === false) return registration.trouble() ?? 'Its registration has run out.';
    if (known > 0 && out === known)
      return known === 1
        ? 'The trunk does not answer, or asked to be left alone for a while: look at host, port and transport.'
        : 'None of the hosts of the trunk answers: look at host, port, transport and backups.';
    return null;
  }

  function whyDegraded(): string | null {
    const { known, out } = targets.count();
    if (refusedAs !== null) return `The trunk refuses us (${refusedAs}): look at username and password.`;
    if (out > 0) return `Left alone for a while, for they do not answer or asked for it: ${out} of ${known} hosts.`;
    return registration?.trouble() ?? null;
  }

  async function close(graceMs: number): Promise<void> {
    closed = true;
    announce();
    if (open.size > 0) {
      const grace = Promise.withResolvers<void>();
      idle = grace.resolve;
      const timer = clock.after(graceMs, () => {
        for (const call of open) call.hangUp();
      });
      // Each ends within seconds of its hang-up, whatever the far end says.
      await grace.promise;
      timer.cancel();
    }
    targets.close();
    await registration?.stop();
  }

  return { name, place, status, onFree: (listener) => listeners.push(listener), close };
}
