import { isIP } from 'node:net';
import type { Log } from '../../../../observe/log.ts';
import type { Timer } from '../../../../values/clock.ts';
import type { Random } from '../../../../values/random.ts';
import type { Clip } from '../../../audio/clip.ts';
import type { Call, CallEnd, CallEvent, CallPlan } from '../../call-engine.ts';
import type { MediaEvent, MediaPool, MediaSession } from '../../rtp/media.ts';
import { bye } from '../dialog/bye.ts';
import type { Dialog } from '../dialog/dialog.ts';
import { freshCallId, freshTag } from '../ids.ts';
import type { SipResponse } from '../message/sip-message.ts';
import { ownSession } from '../sdp/own-session.ts';
import type { SipStack } from '../stack.ts';
import { reach } from '../targets/reach.ts';
import { retryAfterMs } from '../targets/retry-after.ts';
import type { TrunkTargets } from '../targets/trunk-targets.ts';
import type { Local, Target } from '../transport/target.ts';
import type { TrunkConfig } from '../trunk-config.ts';
import { type Conversation, conversation } from './conversation.ts';
import { type Invitation, type InvitationDeps, type InvitationEnd, sendInvite } from './invitation.ts';
import { contact, inviteRequest } from './invite.ts';
import { isE164 } from './number.ts';
import { cancelledEnd, failedEnd, refusedEnd } from './outcome.ts';

export interface TrunkCallDeps extends InvitationDeps {
  readonly stack: Pick<SipStack, 'request' | 'ack' | 'local'>;
  readonly config: TrunkConfig;
  readonly targets: Pick<TrunkTargets, 'choose' | 'silent' | 'asked' | 'answered'>;
  readonly media: MediaPool;
  readonly random: Random;
  readonly log: Log;
  /** Those that were answered, by Call-ID: where requests from outside find them. */
  readonly conversations: Map<string, Conversation>;
  /** The trunk's last word on an INVITE, whatever it was. */
  readonly onFinal: (status: number) => void;
}

/** A target that says so is not the callee's word, and another may do better (RFC 3263 §4.3, and what gateways make of it). */
const FAILS_OVER: ReadonlySet<number> = new Set([500, 502, 503, 504]);

/**
 * One call: tries the trunk's targets until one takes it, and lives through what follows. Once it rang it stays where it is: a callee
 * is not rung twice.
 * @param emit hears each event, `ended` last; never before this function has returned.
 */
export function trunkCall(plan: CallPlan, deps: TrunkCallDeps, emit: (event: CallEvent) => void): Call {
  const { config, targets, clock, stack } = deps;
  let invitation: Invitation | null = null;
  let talk: { readonly conversation: Conversation; readonly media: MediaSession; readonly callId: string } | null =
    null;
  let media: { readonly session: MediaSession; readonly family: number } | null = null;
  let clips: readonly Clip[] | null = null;
  let keysBy: 'rtp' | 'info' | null = null;
  let ringTimer: Timer | null = null;
  let rang = false;
  let calledOff = false;
  let soundBroke = false;
  let ended = false;

  function finish(end: CallEnd, at = clock.now()): void {
    if (ended) return;
    ended = true;
    ringTimer?.cancel();
    media?.session.close();
    if (talk !== null) deps.conversations.delete(talk.callId);
    emit({ kind: 'ended', at, end });
  }

  async function dial(): Promise<void> {
    if (ended) return;
    let end = failedEnd('No host of the trunk can be reached', 'elsewhere');
    const chosen = isE164(plan.to) ? await targets.choose() : null;
    if (chosen === null) end = failedEnd('The callee is not a number in E.164', 'never');
    for (const target of chosen ?? []) {
      if (ended) return;
      const failure = await attempt(target);
      if (failure === null) return;
      end = failure;
    }
    finish(end);
  }

  /** @returns how it failed where the next target may be tried; null where the call went on, or ended here. */
  async function attempt(target: Target): Promise<CallEnd | null> {
    const session = await openMedia(isIP(target.address) === 6 ? 6 : 4);
    if (session === null || ended) return null;
    // The connection has no more time than an answer has.
    const reached = await reach(stack, target, config.giveUpMs, clock);
    if (ended) return null;
    if ('error' in reached) {
      targets.silent(target);
      return failedEnd('No connection to the trunk', 'elsewhere');
    }
    return new Promise((resolve) => invite(target, reached.local, session, resolve));
  }

  async function openMedia(family: 4 | 6): Promise<MediaSession | null> {
    if (media !== null && media.family === family) return media.session;
    media?.session.close();
    media = null;
    try {
      const session = await deps.media.open({ family, onEvent: heard });
      media = { session, family };
      if (ended) session.close();
      return session;
    } catch {
      finish(failedEnd('No port for sound is free', 'elsewhere'));
      return null;
    }
  }

  function invite(target: Target, local: Local, sound: MediaSession, next: (failure: CallEnd | null) => void): void {
    const at = { host: local.host, port: sound.port };
    const session = ownSession(at, config.codecs, deps.random.below(2 ** 31));
    const [callId, tag] = [freshCallId(deps.random), freshTag(deps.random)];
    const request = inviteRequest({ plan, config, target, local, callId, tag, offer: session.offer() });
    ringTimer ??= clock.after(plan.ringMs, hangUp);
    invitation = sendInvite(deps, request, target, config.giveUpMs, {
      ringing,
      answered(dialog, sdp) {
        invitation = null;
        targets.answered(target);
        deps.onFinal(200);
        answered({ dialog, first: target, session, media: sound, contact: contact(local, target, config.scheme) }, sdp);
        next(null);
      },
      over(end) {
        invitation = null;
        const failure = judge(end, target);
        if (failure.isFinal) finish(failure.end);
        next(failure.isFinal ? null : failure.end);
      },
    });
  }

  function ringing(): void {
    if (rang) return;
    rang = true;
    ringTimer?.cancel();
    ringTimer = clock.after(plan.ringMs, hangUp);
    emit({ kind: 'ringing', at: clock.now() });
  }

  function judge(end: InvitationEnd, target: Target): { readonly end: CallEnd; readonly isFinal: boolean } {
    if (end.kind === 'refused') noteAnswer(end.response, target);
    if (calledOff) return { end: calledOffEnd(end.kind === 'refused' ? end.response : null), isFinal: true };
    switch (end.kind) {
      case 'refused':
        return { end: refusedEnd(end.response, rang), isFinal: rang || !FAILS_OVER.has(end.response.status) };
      case 'lost':
        if (end.heard) return { end: failedEnd('The trunk said no more', 'unknown'), isFinal: true };
        targets.silent(target);
        return { end: failedEnd('The trunk does not answer', 'elsewhere'), isFinal: false };
      case 'crossed':
        return { end: calledOffEnd(null), isFinal: true };
      default:
        return end satisfies never;
    }
  }

  /** By whoever placed it, or for want of sound: then it is no fault of the callee's. */
  function calledOffEnd(response: SipResponse | null): CallEnd {
    return soundBroke ? failedEnd('The sound broke', rang ? 'unknown' : 'elsewhere') : cancelledEnd(response);
  }

  function noteAnswer(response: SipResponse, target: Target): void {
    deps.onFinal(response.status);
    const ms = response.status === 503 ? retryAfterMs(response) : null;
    if (ms === null) targets.answered(target);
    else targets.asked(target, ms);
  }

  function answered(
    parts: Pick<Parameters<typeof conversation>[1], 'dialog' | 'first' | 'session' | 'media' | 'contact'>,
    sdp: Uint8Array,
  ): void {
    ringTimer?.cancel();
    const remote = parts.session.readAnswer(sdp);
    if (remote === null) {
      hangUpAt(parts.dialog, parts.first);
      // It was picked up and heard nothing: not a call that somebody should pay for, nor one to repeat more than once.
      finish(failedEnd('The trunk answered without sound that we speak', 'unknown', 200));
      return;
    }
    const { callId } = parts.dialog;
    const talkMs = Math.min(plan.talkMs, config.maxCallMs);
    const talking = conversation(deps, { ...parts, talkMs, key: (key) => pressed(key, 'info'), over: finish });
    talk = { conversation: talking, media: parts.media, callId };
    deps.conversations.set(callId, talking);
    parts.media.start(remote);
    if (clips !== null) parts.media.play(clips);
    emit({ kind: 'answered', at: clock.now() });
  }

  function hangUpAt(dialog: Dialog, first: Target): void {
    void deps.nextHop(dialog.hop(), first).then((hop) => bye(deps, dialog, hop));
  }

  function heard(event: MediaEvent): void {
    switch (event.kind) {
      case 'key':
        pressed(event.key, 'rtp');
        return;
      case 'played':
        if (talk !== null && !ended) emit({ kind: 'played', at: clock.now() });
        return;
      case 'lost':
        soundBroke = true;
        hangUp();
        return;
      case 'first_packet':
        return;
      default:
        event satisfies never;
    }
  }

  /** Some trunks send a key both ways: the way that the first one came is the one that counts. */
  function pressed(key: string, by: 'rtp' | 'info'): void {
    if (talk === null || ended) return;
    keysBy ??= by;
    if (keysBy === by) emit({ kind: 'key', key, at: clock.now() });
  }

  function hangUp(): void {
    if (ended || calledOff) return;
    if (talk !== null) {
      talk.conversation.hangUp();
      return;
    }
    calledOff = true;
    ringTimer?.cancel();
    if (invitation === null) finish(calledOffEnd(null));
    else invitation.cancel();
  }

  // Not at once: whoever places the call hears nothing before it has it.
  queueMicrotask(() => {
    dial().catch((error: unknown) => {
      deps.log.error('call_broke', { call: plan.id }, error);
      finish(failedEnd('Something broke here', 'unknown'));
    });
  });
  return {
    play(given) {
      clips = given;
      if (talk !== null && !ended) talk.media.play(given);
    },
    hangUp,
  };
}
