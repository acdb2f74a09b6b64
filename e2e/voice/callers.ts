import type { G711 } from '../../server/src/voice/audio/clip.ts';
import {
  caller,
  pause,
  receive,
  receiveResponse,
  type Scenario,
  type Step,
  sdpLines,
  send,
} from '../peers/sipp-scenario.ts';

// Callers that are not this service: they prove that the peers work, so that a later failure is known to be ours.

export interface Placing {
  readonly codec?: G711;
  /** From the answer to the BYE, milliseconds. */
  readonly forMs?: number;
  /** A file of G.711 octets in that codec, to be played from the answer on. */
  readonly sound?: string;
  /** Answers one 401 or 407. */
  /** Registers before, and answers the 401 to that. */
  readonly registers?: boolean;
  /** The status of the challenge that it answers, with MD5: SIPp knows no other. */
  readonly challenge?: 401 | 407;
}

const VIA = 'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]';
const FROM = 'From: <sip:caller@[local_ip]:[local_port]>;tag=[pid]-caller-[call_number]';
const CONTACT = 'Contact: <sip:caller@[local_ip]:[local_port];transport=[transport]>';
const TARGET = 'sip:[service]@[remote_ip]:[remote_port]';

/** Calls, listens to 100 and 180, plays its sound, hangs up. */
export function places({ codec = 'pcmu', forMs = 0, sound, challenge, registers = false }: Placing = {}): Scenario {
  const invitation =
    challenge === undefined
      ? [invite(1, codec)]
      : [
          invite(1, codec),
          optional(100),
          receiveResponse(challenge, { extra: 'auth="true"' }),
          finalAck(1),
          invite(2, codec, ['[authentication]']),
        ];
  const cseq = invitation.length === 1 ? 1 : 2;
  const type = codec === 'pcma' ? 8 : 0;
  const play = sound === undefined ? '' : `<nop><action><exec rtp_stream="${sound},1,${type}"/></action></nop>`;
  return caller(
    'places a call',
    ...(registers ? registration : []),
    ...invitation,
    optional(100),
    optional(180),
    optional(183),
    receiveResponse(200, { extra: 'rrs="true"' }),
    inDialog('ACK', cseq),
    play,
    pause(forMs),
    inDialog('BYE', cseq + 1),
    receiveResponse(200),
  );
}

/** Calls, and is refused so. */
export function isRefused(status: number): Scenario {
  return caller('is refused', invite(1, 'pcmu'), optional(100), optional(180), receiveResponse(status), finalAck(1));
}

/** Calls, and gives up so long after the first ring; `crossing` when the callee answers all the same. */
export function cancels({ afterMs, crossing = false }: { afterMs: number; crossing?: boolean }): Scenario {
  const cancel = send(
    `CANCEL ${TARGET} SIP/2.0`,
    '[last_Via:]',
    FROM,
    'To: <sip:[service]@[remote_ip]:[remote_port]>',
    '[last_Call-ID:]',
    'CSeq: 1 CANCEL',
    'Max-Forwards: 70',
    'Content-Length: 0',
  );
  const begin = [invite(1, 'pcmu'), optional(100), receiveResponse(180), pause(afterMs), cancel];
  return crossing
    ? caller(
        'cancels too late',
        ...begin,
        receiveResponse(200),
        receiveResponse(200, { extra: 'rrs="true"' }),
        inDialog('ACK', 1),
        inDialog('BYE', 2),
        receiveResponse(200),
      )
    : caller('cancels', ...begin, receiveResponse(200), receiveResponse(487), finalAck(1));
}

/** Calls, and is hung up on. */
export function isHungUpOn(): Scenario {
  return caller('is hung up on', ...answered(), receive('BYE'), ok());
}

/** Calls, and answers what the callee asks within the call, in turn; then hangs up. */
export function isAsked(...methods: readonly ('INVITE' | 'OPTIONS' | 'INFO')[]): Scenario {
  const answers = methods.flatMap((method) => [
    receive(method),
    ok(method === 'INVITE'),
    ...(method === 'INVITE' ? [receive('ACK')] : []),
  ]);
  return caller('is asked', ...answered(), ...answers, inDialog('BYE', 2), receiveResponse(200));
}

/** Calls, is answered by two phones, and hangs up on the second, then on the first. */
export function isForked(): Scenario {
  const toFirst = (text: Step) => text.replace(/To: .*/, 'To: [$first]');
  const tag = '<ereg regexp="[^ ].*" search_in="hdr" header="To:" check_it="true" assign_to="first"/>';
  return caller(
    'is forked',
    invite(1, 'pcmu'),
    optional(100),
    receiveResponse(180),
    receiveResponse(200, { extra: 'rrs="true"', actions: tag }),
    toFirst(inDialog('ACK', 1)),
    receiveResponse(200),
    inDialog('ACK', 1),
    inDialog('BYE', 2),
    receiveResponse(200),
    toFirst(inDialog('BYE', 3)),
    receiveResponse(200),
  );
}

/** Asks whether the trunk is there, outside of any call. */
export function asks(): Scenario {
  return caller(
    'asks OPTIONS',
    send(
      `OPTIONS ${TARGET} SIP/2.0`,
      VIA,
      FROM,
      `To: <${TARGET}>`,
      'Call-ID: [call_id]',
      'CSeq: 1 OPTIONS',
      'Max-Forwards: 70',
      'Content-Length: 0',
    ),
    receiveResponse(200),
  );
}

function register(cseq: number, headers: readonly string[] = []): Step {
  return send(
    'REGISTER sip:[remote_ip]:[remote_port] SIP/2.0',
    VIA,
    FROM,
    'To: <sip:caller@[local_ip]:[local_port]>',
    'Call-ID: [call_id]',
    `CSeq: ${cseq} REGISTER`,
    'Max-Forwards: 70',
    CONTACT,
    'Expires: 300',
    ...headers,
    'Content-Length: 0',
  );
}

const registration: readonly Step[] = [
  register(1),
  receiveResponse(401, { extra: 'auth="true"' }),
  register(2, ['[authentication]']),
  receiveResponse(200),
];

function answered(): readonly Step[] {
  return [
    invite(1, 'pcmu'),
    optional(100),
    optional(180),
    receiveResponse(200, { extra: 'rrs="true"' }),
    inDialog('ACK', 1),
  ];
}

function optional(status: number): Step {
  return receiveResponse(status, { extra: 'optional="true"' });
}

function invite(cseq: number, codec: G711, headers: readonly string[] = []): Step {
  return send(
    `INVITE ${TARGET} SIP/2.0`,
    VIA,
    FROM,
    `To: <${TARGET}>`,
    'Call-ID: [call_id]',
    `CSeq: ${cseq} INVITE`,
    'Max-Forwards: 70',
    CONTACT,
    ...headers,
    'Content-Type: application/sdp',
    'Content-Length: [len]',
    '',
    ...sdpLines(codec),
  ).replace('<send>', '<send retrans="500">');
}

/** ACKs a final answer that is not 2xx: within the INVITE's transaction (RFC 3261 §17.1.1.3). */
function finalAck(cseq: number): Step {
  return send(
    `ACK ${TARGET} SIP/2.0`,
    '[last_Via:]',
    FROM,
    '[last_To:]',
    '[last_Call-ID:]',
    `CSeq: ${cseq} ACK`,
    'Max-Forwards: 70',
    'Content-Length: 0',
  );
}

function inDialog(method: 'ACK' | 'BYE', cseq: number): Step {
  const text = send(
    `${method} [next_url] SIP/2.0`,
    VIA,
    '[routes]',
    FROM,
    `To: <${TARGET}>[peer_tag_param]`,
    '[last_Call-ID:]',
    `CSeq: ${cseq} ${method}`,
    'Max-Forwards: 70',
    'Content-Length: 0',
  );
  return method === 'ACK' ? text : text.replace('<send>', '<send retrans="500">');
}

function ok(describe = false): Step {
  const body = describe
    ? ['Content-Type: application/sdp', 'Content-Length: [len]', '', ...sdpLines('pcmu')]
    : ['Content-Length: 0'];
  return send(
    'SIP/2.0 200 OK',
    '[last_Via:]',
    '[last_Record-Route:]',
    '[last_From:]',
    '[last_To:]',
    '[last_Call-ID:]',
    '[last_CSeq:]',
    CONTACT,
    ...body,
  );
}
