import { createHmac } from 'node:crypto';
import type { Clock } from '../../../../values/clock.ts';
import type { Random } from '../../../../values/random.ts';
import { tagOf } from '../message/name-addr.ts';
import type { SipHeaders } from '../message/sip-headers.ts';
import type { SipRequest } from '../message/sip-message.ts';
import { writeSip } from '../message/write.ts';
import type { Target } from '../transport/target.ts';
import { ackKey, serverKey } from './branch.ts';
import { inviteServer } from './invite-server.ts';
import { type Reply, replyTo, stamped } from './reply.ts';
import { requestServer } from './request-server.ts';
import type { RunningServer } from './server.ts';

/** May be called several times with provisional replies, once with a final one; what follows that is ignored. */
export type Respond = (reply: Reply) => void;

export interface ServersDeps {
  readonly clock: Clock;
  readonly random: Random;
  send(target: Target, octets: Buffer): void;
  /** A request that was not heard before. An ACK of a 2xx too: answering it does nothing. */
  heard(request: SipRequest, respond: Respond, from: Target): void;
  /** Whether requests from that address are likely to be about calls of ours. */
  known(address: string): boolean;
  /** A request was dropped: there are too many. */
  flooded(from: Target): void;
}

/** The transactions of requests that come from outside. */
export interface Servers {
  receive(request: SipRequest, from: Target): void;
  /** Answers without a transaction, where there is a way back. */
  refuse(headers: SipHeaders, from: Target, reply: Reply): void;
}

/** Each lives for 32 s: at 100 calls a second, each ended by the far end, there are 3,200. */
const MOST = 20_000;
/** And of addresses that we have never sent anything to: whoever floods us takes no place from our own calls. */
const MOST_OF_STRANGERS = 512;

export function servers({ clock, random, send, heard, known, flooded }: ServersDeps): Servers {
  const running = new Map<string, RunningServer>();
  /** INVITEs by the dialog that they are of: an ACK of a 2xx has a branch of its own. */
  const invites = new Map<string, RunningServer>();
  // The same tag for the same transaction, with nothing to be remembered (RFC 3261 §8.2.7).
  const secret = random.bytes(32);
  let strangers = 0;

  function tagFor(key: string): string {
    return createHmac('sha256', secret).update(key).digest('hex').slice(0, 16);
  }

  function refuse(headers: SipHeaders, from: Target, reply: Reply): void {
    const way = stamped(headers, from);
    if (way === null) return;
    const tag = tagFor(`${headers.get('via')} ${headers.get('call-id')}`);
    send(way.back, writeSip(replyTo(way.headers, reply, tag)));
  }

  function begin(request: SipRequest, from: Target, key: string): void {
    const way = stamped(request.headers, from);
    if (way === null) return;
    const stranger = !known(from.address);
    if (running.size >= MOST || (stranger && strangers >= MOST_OF_STRANGERS)) {
      flooded(from);
      return;
    }
    if (stranger) strangers += 1;
    const ofAck = request.method === 'INVITE' ? ackKey(request, tagOf(request.headers.get('from'))) : null;
    const fresh: RunningServer = (ofAck === null ? requestServer : inviteServer)({
      clock,
      reliable: from.transport !== 'udp',
      write: (reply) => writeSip(replyTo(way.headers, reply, tagFor(key))),
      send: (octets) => send(way.back, octets),
      ended() {
        running.delete(key);
        if (ofAck !== null && invites.get(ofAck) === fresh) invites.delete(ofAck);
        if (stranger) strangers -= 1;
      },
    });
    running.set(key, fresh);
    if (ofAck !== null) invites.set(ofAck, fresh);
    heard(request, fresh.respond, from);
  }

  function cancel(request: SipRequest, from: Target, invite: RunningServer | undefined): void {
    // RFC 3261 §9.2. Without a transaction: the same question has the same answer.
    refuse(request.headers, from, { status: invite === undefined ? 481 : 200 });
    invite?.cancelled();
  }

  function acked(request: SipRequest, from: Target, refused: RunningServer | undefined): void {
    const invite = refused ?? invites.get(ackKey(request, tagOf(request.headers.get('from'))));
    if (invite?.acked() === true) heard(request, () => {}, from);
  }

  return {
    receive(request, from) {
      const key = serverKey(request);
      const known = running.get(key);
      if (request.method === 'ACK') acked(request, from, known);
      else if (request.method === 'CANCEL') cancel(request, from, known);
      else if (known !== undefined) known.again();
      else begin(request, from, key);
    },
    refuse,
  };
}
