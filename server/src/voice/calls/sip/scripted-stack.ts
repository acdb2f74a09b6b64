import { parseSip } from './message/parse.ts';
import { sipHeaders } from './message/sip-headers.ts';
import { NO_BODY, type SipRequest, type SipResponse } from './message/sip-message.ts';
import { writeSip } from './message/write.ts';
import type { Reply, RequestListener, ResponseListener, SipStack } from './stack.ts';
import type { Target } from './transport/target.ts';

/** A request that was sent, and its far end. */
export interface Sent {
  readonly request: SipRequest;
  readonly target: Target;
  readonly cancelled: boolean;
  readonly abandoned: boolean;
  /** Answers it. `tag` is the far end's, '' for none. */
  answer(status: number, parts?: { reason?: string; tag?: string; headers?: Headers; body?: string }): void;
  lost(why: 'timeout' | 'transport'): void;
}

type Headers = readonly (readonly [name: string, value: string])[];

interface Waiting {
  readonly method: string;
  readonly resolve: (sent: Sent) => void;
}

/** For tests: a stack whose far end is the test. What it is given to send must be writable, and is read back as a far end would. */
export class ScriptedStack implements SipStack {
  /** Everything that was sent, ACKs included, in order. */
  readonly sent: Sent[] = [];
  /** The methods of all that was sent, in order. */
  get methods(): string[] {
    return this.sent.map(({ request }) => request.method);
  }
  /** Targets, by address, to which there is no way; and those that hang. */
  readonly unreachable = new Set<string>();
  readonly hanging = new Set<string>();
  /** Where we are, by the far end's eyes. */
  host = '192.0.2.7';
  #listener: RequestListener = () => {};
  #taken = new Set<Sent>();
  #waiting: Waiting[] = [];

  async local({ address }: Target) {
    if (this.unreachable.has(address)) throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    if (this.hanging.has(address)) await new Promise(() => {});
    return { host: this.host, port: 5_060 };
  }

  request(request: SipRequest, target: Target, listener: ResponseListener) {
    const sent = this.#note(request, target, listener);
    return {
      cancel: () => {
        sent.cancelled = true;
      },
      abandon: () => {
        sent.abandoned = true;
      },
    };
  }

  ack(request: SipRequest, target: Target): void {
    this.#note(request, target, { response() {}, lost() {} });
  }

  onRequest(listener: RequestListener): void {
    this.#listener = listener;
  }

  async close(): Promise<void> {}

  /** The next request of that method that was not given out yet, or its coming. */
  next(method: string): Promise<Sent> {
    const there = this.sent.find((sent) => sent.request.method === method && !this.#taken.has(sent));
    if (there !== undefined) {
      this.#taken.add(there);
      return Promise.resolve(there);
    }
    return new Promise((resolve) => this.#waiting.push({ method, resolve }));
  }

  /** A request from outside, and what it was answered; null: nothing (an ACK). */
  receive(request: SipRequest): Reply | null {
    let reply: Reply | null = null;
    this.#listener(
      request,
      (one) => {
        reply = one;
      },
      { transport: 'udp', address: '192.0.2.1', port: 5_060, serverName: '192.0.2.1' },
    );
    return reply;
  }

  #note(request: SipRequest, target: Target, listener: ResponseListener) {
    const via: SipRequest = {
      ...request,
      headers: request.headers.prepend('Via', 'SIP/2.0/UDP 192.0.2.7;branch=z9hG4bK1'),
    };
    const read = parseSip(writeSip(via));
    if (read.kind !== 'request') throw new Error('What was sent is no request.');
    let over = false;
    const sent = {
      ...{ request: read, target, cancelled: false, abandoned: false },
      answer: (status: number, parts: Parameters<Sent['answer']>[1] = {}) => {
        const response = answerTo(read, status, parts);
        // As the real one: of an INVITE each 2xx is told, whatever was said before; nothing else after the end.
        if (over && !(read.method === 'INVITE' && status >= 200 && status < 300)) return;
        if (sent.abandoned && !(status >= 200 && status < 300)) return;
        over ||= status >= 200;
        listener.response(response);
      },
      lost: (why: 'timeout' | 'transport') => {
        if (!over && !sent.abandoned) listener.lost(why);
        over = true;
      },
    };
    this.sent.push(sent);
    const waiting = this.#waiting.findIndex(({ method }) => method === request.method);
    if (waiting >= 0) {
      this.#taken.add(sent);
      this.#waiting.splice(waiting, 1)[0]?.resolve(sent);
    }
    return sent;
  }
}

function answerTo(
  { headers }: SipRequest,
  status: number,
  { reason = 'Said so', tag = 'far', headers: more = [], body }: Parameters<Sent['answer']>[1] & {},
): SipResponse {
  const to = headers.get('To') ?? '';
  const tagged = tag === '' || to.includes(';tag=') || status === 100 ? to : `${to};tag=${tag}`;
  const fields = sipHeaders([
    ...(['Via', 'From', 'Call-ID', 'CSeq'] as const).map((name) => [name, headers.get(name) ?? ''] as const),
    ['To', tagged],
    ...more,
  ]);
  return { kind: 'response', status, reason, headers: fields, body: body === undefined ? NO_BODY : Buffer.from(body) };
}

/** A request of the far end inside the call that `invite` began. */
export function farRequest(
  invite: SipRequest,
  method: string,
  parts: { cseq?: number; tag?: string; headers?: Headers; body?: string } = {},
): SipRequest {
  const { cseq = 1, tag = 'far', headers = [], body } = parts;
  const fields = sipHeaders([
    ['Via', 'SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK2'],
    ['From', `<sip:far@192.0.2.1>;tag=${tag}`],
    ['To', invite.headers.get('From') ?? ''],
    ['Call-ID', invite.headers.get('Call-ID') ?? ''],
    ['CSeq', `${cseq} ${method}`],
    ...headers,
  ]);
  return {
    kind: 'request',
    method,
    uri: 'sip:passbell@192.0.2.7',
    headers: fields,
    body: body === undefined ? NO_BODY : Buffer.from(body),
  };
}
