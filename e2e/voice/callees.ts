import type { G711 } from '../../server/src/voice/audio/clip.ts';
import {
  callee,
  invited,
  pause,
  receive,
  receiveResponse,
  requestInDialog,
  respondAtOnce,
  respondInDialog,
  respondToInvite,
  type Scenario,
  type Step,
  sdpLines,
} from '../peers/sipp-scenario.ts';

// How callees behave, and misbehave, as SIPp plays them. Each takes any number of calls, at once too. Behind a proxy only those that
// answer the INVITE once, as it comes: neverAnswers, crossesCancel, repeatsAnswer and forks know one Via.

export interface Answering {
  /** From ringing to the answer, milliseconds. */
  readonly afterMs?: number;
  readonly codec?: G711;
}

const ringing = respondAtOnce(180, 'Ringing');
const acknowledged = receive('ACK');
const untilBye: readonly Step[] = [receive('BYE'), respondInDialog()];

function answer({ afterMs = 0, codec = 'pcmu' }: Answering = {}): readonly Step[] {
  return [invited(), ringing, pause(afterMs), respondAtOnce(200, 'OK', { sdp: codec }), acknowledged];
}

/** Rings, answers and listens until the caller hangs up. With SIPp's `echo`, hundreds of calls at once. */
export function answers(answering?: Answering): Scenario {
  return callee('answers', ...answer(answering), ...untilBye);
}

/** Refuses at once: 486, 603, 403, 404, 480, 503… `headers` as lines, such as `Retry-After: 5`. */
export function rejects(status: number, reason: string, headers: readonly string[] = []): Scenario {
  return callee(`rejects with ${status}`, invited(), respondAtOnce(status, reason, { headers }), acknowledged);
}

export function busy(): Scenario {
  return rejects(486, 'Busy Here', ['Reason: Q.850;cause=17;text="User busy"']);
}

/** Rings until the caller cancels. */
export function neverAnswers(): Scenario {
  return callee(
    'never answers',
    invited(),
    ringing,
    receive('CANCEL'),
    respondInDialog(),
    respondToInvite(487, 'Request Terminated'),
    acknowledged,
  );
}

/** Takes the INVITE and says nothing, not even 100: a target that is dead. The calls stay open. */
export function silent(): Scenario {
  return callee('silent', receive('INVITE'), pause(600_000));
}

/** Sends audio before it answers: 183 with a description, RTP for `forMs`, then 200. */
export function earlyMedia({ forMs = 1_000, codec = 'pcma' }: { forMs?: number; codec?: G711 } = {}): Scenario {
  const sound = `<nop><action><exec play_pcap_audio="${PCAPS}/g711a.pcap"/></action></nop>`;
  return callee(
    'early media',
    invited(),
    respondAtOnce(183, 'Session Progress', { sdp: codec }),
    sound,
    pause(forMs),
    respondAtOnce(200, 'OK', { sdp: codec }),
    acknowledged,
    ...untilBye,
  );
}

/** Answers at the moment that the caller gives up: the 200 and the CANCEL cross. It expects ACK and BYE (RFC 3261 §9.1, §15). */
export function crossesCancel(): Scenario {
  return callee(
    '200 crosses CANCEL',
    invited(),
    ringing,
    receive('CANCEL'),
    respondInDialog(),
    respondToInvite(200, 'OK', { sdp: 'pcmu' }),
    acknowledged,
    ...untilBye,
  );
}

/** Hangs up by itself so long after the answer; the BYE has these header lines too. */
export function hangsUp(afterMs: number, answering?: Answering, headers: readonly string[] = []): Scenario {
  const bye = requestInDialog('BYE', 1, headers);
  return callee('hangs up', ...answer(answering), pause(afterMs), bye, receiveResponse(200));
}

/** Never answers the BYE: the caller's repetitions of it are counted as messages to a dead call. */
export function losesBye(): Scenario {
  return callee('loses the BYE', ...answer(), receive('BYE'));
}

/** Presses keys so long after the answer, a second apart, as RFC 4733 events of payload type 101. SIPp needs root for it. */
export function presses(keys: string, afterMs: number, answering?: Answering): Scenario {
  const press = (key: string): readonly Step[] => [
    `<nop><action><exec play_pcap_audio="${PCAPS}/dtmf_2833_${KEY_NAMES[key] ?? key}.pcap"/></action></nop>`,
    pause(1_000),
  ];
  return callee('presses keys', ...answer(answering), pause(afterMs), ...[...keys].flatMap(press), ...untilBye);
}

/** Presses a key by SIP INFO (`application/dtmf-relay`), as gateways without RFC 4733 do. */
export function pressesByInfo(key: string, afterMs: number): Scenario {
  const info = requestInDialog('INFO', 1, ['Content-Type: application/dtmf-relay'], undefined).replace(
    'Content-Length: 0',
    `Content-Length: [len]\n\nSignal=${key}\nDuration=160`,
  );
  return callee('presses by INFO', ...answer(), pause(afterMs), info, receiveResponse(200), ...untilBye);
}

/** Answers only whom it knows: 401, then the INVITE again with the right digest (MD5); 403 to the wrong one. */
export function challenges({ username, password }: { username: string; password: string }): Scenario {
  const challenge =
    'WWW-Authenticate: Digest realm="passbell.test", nonce="47ebe028cda119c35d4877b383027d28da013815", algorithm=MD5, qop="auth"';
  const verify = `<verifyauth assign_to="known" username="${username}" password="${password}"/>`;
  return callee(
    'challenges',
    receive('INVITE'),
    respondAtOnce(401, 'Unauthorized', { headers: [challenge] }),
    acknowledged,
    invited(verify),
    '<nop test="known" next="welcome"/>',
    respondAtOnce(403, 'Forbidden'),
    receive('ACK', { extra: 'next="end"' }),
    '<label id="welcome"/>',
    respondAtOnce(200, 'OK', { sdp: 'pcmu' }),
    acknowledged,
    ...untilBye,
    '<label id="end"/>',
  );
}

/** Sends its 200 again though the ACK came, twice more, and waits for the ACK of each (RFC 3261 §13.2.2.4). */
export function repeatsAnswer(): Scenario {
  const again: readonly Step[] = [pause(200), respondToInvite(200, 'OK', { sdp: 'pcmu' }), acknowledged];
  // Else SIPp takes the second ACK for a repeated one, and answers it with its last message, without end.
  return { ...callee('repeats its 200', ...answer(), ...again, ...again, ...untilBye), options: ['-nr'] };
}

/** Two phones answer one INVITE. It expects an ACK for each, and a BYE for each: at once for the second. */
export function forks(): Scenario {
  return callee(
    'forks',
    invited(),
    ringing,
    respondToInvite(200, 'OK', { sdp: 'pcmu' }),
    acknowledged,
    respondToInvite(200, 'OK', { sdp: 'pcmu', fork: true }),
    acknowledged,
    ...untilBye,
    ...untilBye,
  );
}

/** Puts the caller on hold so long after the answer, and takes it back: two re-INVITEs. */
export function holds({ afterMs, forMs }: { afterMs: number; forMs: number }): Scenario {
  const describe = (direction: 'sendrecv' | 'sendonly') => sdpLines('pcmu', direction);
  return callee(
    'holds',
    ...answer(),
    pause(afterMs),
    requestInDialog('INVITE', 1, [], describe('sendonly')),
    receiveResponse(200),
    requestInDialog('ACK', 1),
    pause(forMs),
    requestInDialog('INVITE', 2, [], describe('sendrecv')),
    receiveResponse(200),
    requestInDialog('ACK', 2),
    ...untilBye,
  );
}

/** Asks within the call whether the caller is still there. */
export function asksOptions(afterMs: number): Scenario {
  return callee(
    'asks OPTIONS',
    ...answer(),
    pause(afterMs),
    requestInDialog('OPTIONS', 1),
    receiveResponse(200),
    ...untilBye,
  );
}

/** Answers OPTIONS outside of any call: what a trunk's check sends. */
export function answersOptions(): Scenario {
  return callee('answers OPTIONS', receive('OPTIONS'), respondAtOnce(200, 'OK'));
}

/** Debian's sip-tester brings these recordings of keys and of speech. */
const PCAPS = '/usr/share/sip-tester';
const KEY_NAMES: Readonly<Record<string, string>> = { '*': 'star', '#': 'pound' };
