import type { Clock, Timer } from '../../values/clock.ts';
import { type Clip, SAMPLE_RATE } from '../../voice/audio/clip.ts';
import type { Call, CallEnd, CallEvent, CallPlan } from '../../voice/calls/call-engine.ts';
import { callBehaviour } from './behaviour.ts';
import type { CallRecord } from './call-record.ts';
import type { CalleeAct } from './handset-calls.ts';
import { recording } from './recording.ts';

/** How long it has to be silent before the phone that presses 1 does so: longer than between two words, shorter than anyone waits. */
const QUIET_MS = 1_000;
/** Nobody presses more in one call; what is kept of it must not grow without end. */
const MOST_KEYS = 256;

/** A call that this node placed, both ends of it: the caller's (`Call`) and the callee's. */
export interface LiveCall extends Call {
  readonly id: string;
  readonly accountId: string;
  /** Begins to ring, or does what its number asks for. */
  begin(): void;
  /** Does it; the reason, where the call's state does not allow it. */
  act(act: CalleeAct): string | null;
  readonly record: CallRecord;
  /** The octets on the line since the answer. */
  sound(): Uint8Array;
}

export interface LiveCallDeps {
  readonly id: string;
  readonly plan: CallPlan;
  readonly clock: Clock;
  readonly tell: (event: CallEvent) => void;
  /** Something in the record has changed. */
  readonly changed: () => void;
}

const NORMAL = { sipStatus: null, reason: '', retry: 'never' } as const;
const BUSY: CallEnd = { outcome: 'rejected', sipStatus: 486, reason: 'Busy Here', cause: 17, retry: 'never' };
const DECLINED: CallEnd = { outcome: 'rejected', sipStatus: 603, reason: 'Decline', cause: 21, retry: 'never' };
const CANCELLED: CallEnd = {
  outcome: 'cancelled',
  sipStatus: 487,
  reason: 'Request Terminated',
  cause: null,
  retry: 'never',
};
const LEFT_BY_CALLER: CallEnd = { ...NORMAL, outcome: 'completed', cause: null };
/** Q.850 cause 16: normal call clearing. */
const LEFT_BY_CALLEE: CallEnd = { ...NORMAL, outcome: 'completed', cause: 16 };

export function liveCall({ id, plan, clock, tell, changed }: LiveCallDeps): LiveCall {
  const behaviour = callBehaviour(plan.to);
  const startedAt = clock.now();
  const tape = recording();
  let answered: { readonly at: number; readonly elapsed: number } | null = null;
  let ended: { readonly at: number; readonly end: CallEnd; readonly position: number } | null = null;
  let keys = '';
  /** What was to be played before there was an answer. */
  let kept: readonly Clip[] = [];
  let pressesOne = behaviour === 'answer_and_press_1';
  let life = clock.after(plan.ringMs, () => end(CANCELLED));
  /** How far all that was to be played has been heard: a timer may be a hair early. */
  let playedTo = 0;
  let sound: Timer | undefined;
  let quiet: Timer | undefined;

  /** Samples since the answer. */
  function position(): number {
    if (answered === null) return 0;
    const passed = Math.floor(((clock.elapsed() - answered.elapsed) * SAMPLE_RATE) / 1000);
    return ended?.position ?? Math.max(playedTo, passed);
  }

  function end(how: CallEnd): void {
    if (ended !== null) return;
    for (const timer of [life, sound, quiet]) timer?.cancel();
    ended = { at: clock.now(), end: how, position: position() };
    tape.cut(ended.position);
    changed();
    tell({ kind: 'ended', at: ended.at, end: how });
  }

  function answer(): void {
    life.cancel();
    life = clock.after(plan.talkMs, () => end(LEFT_BY_CALLER));
    answered = { at: clock.now(), elapsed: clock.elapsed() };
    changed();
    if (kept.length > 0) play(kept);
    tell({ kind: 'answered', at: answered.at });
  }

  function play(clips: readonly Clip[]): void {
    if (ended !== null) return;
    if (answered === null) {
      kept = clips;
      return;
    }
    sound?.cancel();
    quiet?.cancel();
    const at = position();
    const until = tape.play(clips, at);
    // As on a trunk: what stops the sound is not told of its end.
    if (clips.length > 0) sound = clock.after(Math.ceil(((until - at) * 1000) / SAMPLE_RATE), () => played(until));
    changed();
  }

  function played(until: number): void {
    playedTo = until;
    if (pressesOne) quiet = clock.after(QUIET_MS, () => press('1'));
    tell({ kind: 'played', at: clock.now() });
  }

  function press(digits: string): void {
    pressesOne = false;
    keys += digits;
    changed();
    for (const key of digits) {
      if (ended === null) tell({ kind: 'key', key, at: clock.now() });
    }
  }

  function refusal(act: CalleeAct): string | null {
    if (ended !== null) return 'it_has_ended';
    switch (act.kind) {
      case 'answer':
        if (answered !== null) return 'it_is_answered_already';
        return behaviour === 'never_answer' ? 'the_phone_at_this_number_never_answers' : null;
      case 'reject':
        return answered === null ? null : 'it_is_answered_so_hang_up_instead';
      case 'hang_up':
        return answered === null ? 'it_still_rings_so_reject_it_instead' : null;
      case 'keys':
        if (answered === null) return 'it_still_rings_so_answer_it_first';
        return keys.length + act.digits.length > MOST_KEYS ? `it_takes_${MOST_KEYS}_keys_and_no_more` : null;
    }
  }

  return {
    id,
    accountId: plan.accountId,
    play,
    hangUp: () => end(answered === null ? CANCELLED : LEFT_BY_CALLER),

    begin() {
      if (ended !== null) return;
      if (behaviour === 'busy') return end(BUSY);
      tell({ kind: 'ringing', at: clock.now() });
      if (behaviour === 'reject') end(DECLINED);
      if (behaviour === 'answer_and_press_1' && ended === null) answer();
    },

    act(act) {
      const reason = refusal(act);
      if (reason !== null) return reason;
      if (act.kind === 'answer') answer();
      else if (act.kind === 'reject') end(DECLINED);
      else if (act.kind === 'hang_up') end(LEFT_BY_CALLEE);
      else press(act.digits);
      return null;
    },

    get record() {
      const { to, from, anonymous } = plan;
      const endsBy = answered === null ? startedAt + plan.ringMs : answered.at + plan.talkMs;
      return {
        ...{ to, from, anonymous, startedAt, keys, endsBy, words: tape.words },
        ...{ answeredAt: answered?.at ?? null, endedAt: ended?.at ?? null, end: ended && shown(ended.end) },
      };
    },

    sound: () => tape.octets(position()),
  };
}

function shown({ outcome, sipStatus, reason }: CallEnd): CallRecord['end'] {
  return { outcome, sipStatus, reason };
}
