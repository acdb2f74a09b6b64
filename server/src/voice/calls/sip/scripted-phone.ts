import { parseNameAddr } from './message/name-addr.ts';
import { sipHeaders } from './message/sip-headers.ts';
import { NO_BODY, type SipRequest } from './message/sip-message.ts';
import { parseSipUri } from './message/sip-uri.ts';
import { ownSession } from './sdp/own-session.ts';
import type { Respond, SipStack } from './stack.ts';
import type { Target } from './transport/target.ts';

/** A call that has reached the phone. */
export interface PhoneCall {
  /** The number that was dialled. */
  readonly to: string;
  /** The number that is shown; null: none. */
  readonly from: string | null;
  /** Whether the caller's ACK has come. */
  readonly connected: boolean;
  /** Whether the caller has hung up, with a BYE. */
  readonly left: boolean;
  answer(): void;
  refuse(status: number): void;
  /** Presses a key, in an INFO. */
  press(key: string): void;
  hangUp(): void;
}

export interface ScriptedPhone {
  readonly calls: readonly PhoneCall[];
  /** The next call that was not given out yet. */
  next(): Promise<PhoneCall>;
}

/**
 * For tests: a phone on a real stack. It rings by itself, but where the number is `busy`.
 * @param host where it has its sound, and is reached.
 */
export function scriptedPhone(
  stack: SipStack,
  host: string,
  busy: (to: string) => boolean = () => false,
): ScriptedPhone {
  const calls: (PhoneCall & { take(request: SipRequest): boolean })[] = [];
  const waiting: ((call: PhoneCall) => void)[] = [];
  let given = 0;

  function give(): void {
    for (let call = calls[given]; call !== undefined && waiting.length > 0; call = calls[given]) {
      given += 1;
      waiting.shift()?.(call);
    }
  }

  stack.onRequest((request, respond, from) => {
    if (calls.some((call) => call.take(request))) {
      if (request.method !== 'ACK') respond({ status: 200 });
    } else if (request.method !== 'INVITE') respond({ status: request.method === 'OPTIONS' ? 200 : 481 });
    else if (busy(userOf(request.uri))) respond({ status: 486 });
    else {
      calls.push(phoneCall(stack, host, request, respond, from));
      respond({ status: 180 });
      give();
    }
  });

  return {
    calls,
    next: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        give();
      }),
  };
}

function phoneCall(stack: SipStack, host: string, invite: SipRequest, respond: Respond, back: Target) {
  const contact = parseNameAddr(invite.headers.get('Contact') ?? '')?.uri ?? invite.uri;
  const callId = invite.headers.get('Call-ID') ?? '';
  const session = ownSession({ host, port: 6_000 }, ['pcma'], 1);
  let own: string | undefined;
  let number = 0;
  let left = false;

  function ask(method: string, type?: string, body: Uint8Array = NO_BODY): void {
    if (own === undefined) throw new Error('The caller has not acknowledged the answer.');
    number += 1;
    const headers = sipHeaders([
      ['From', own],
      ['To', invite.headers.get('From') ?? ''],
      ['Call-ID', callId],
      ['CSeq', `${number} ${method}`],
      ...(type === undefined ? [] : [['Content-Type', type] as const]),
    ]);
    stack.request({ kind: 'request', method, uri: contact, headers, body }, back, { response() {}, lost() {} });
  }

  return {
    to: userOf(invite.uri),
    from: shown(invite),
    get connected() {
      return own !== undefined;
    },
    get left() {
      return left;
    },
    answer() {
      const answer = session.answer(invite.body);
      const headers = [
        ['Contact', `<sip:phone@${back.transport === 'udp' ? host : `${host};transport=${back.transport}`}>`],
        ['Content-Type', 'application/sdp'],
      ] as const;
      respond(answer === null ? { status: 488 } : { status: 200, headers, body: answer.body });
    },
    refuse: (status: number) => respond({ status }),
    press: (key: string) => ask('INFO', 'application/dtmf-relay', Buffer.from(`Signal=${key}\r\nDuration=160\r\n`)),
    hangUp: () => ask('BYE'),
    /** Whether the request is one of this call, after its INVITE. */
    take(request: SipRequest): boolean {
      if (request.headers.get('Call-ID') !== callId) return false;
      // The tag that the stack gave us stands in it.
      if (request.method === 'ACK') own = request.headers.get('To');
      if (request.method === 'BYE') left = true;
      return true;
    },
  };
}

function userOf(uri: string): string {
  const parsed = parseSipUri(uri);
  return parsed === null || parsed.scheme === 'tel' ? '' : (parsed.user ?? '');
}

function shown({ headers }: SipRequest): string | null {
  const user = userOf(parseNameAddr(headers.get('From') ?? '')?.uri ?? '');
  return user.startsWith('+') ? user : null;
}
