import type { Log } from '../../../observe/log.ts';
import type { Clock } from '../../../values/clock.ts';
import type { Random } from '../../../values/random.ts';
import { type FaultKind, faultTally } from './fault-tally.ts';
import { tagOf } from './message/name-addr.ts';
import { parseSip } from './message/parse.ts';
import type { SipRequest } from './message/sip-message.ts';
import { acquaintances } from './transaction/acquaintances.ts';
import type { ClientTransaction, ResponseListener } from './transaction/client.ts';
import { clients } from './transaction/clients.ts';
import { type Respond, servers } from './transaction/servers.ts';
import { type Network, type NetworkOptions, openNetwork } from './transport/network.ts';
import type { Local, Target } from './transport/target.ts';
import { unsupported } from './unsupported.ts';

export type { ClientTransaction, ResponseListener } from './transaction/client.ts';
export type { Reply } from './transaction/reply.ts';
export type { Respond } from './transaction/servers.ts';

export interface SipStackOptions extends NetworkOptions {
  readonly random: Random;
  /** Option tags that a far end may `Require` of us (RFC 3261 §8.2.2.3); any other is answered 420. Default: none. */
  readonly supported?: readonly string[];
}

/**
 * @param respond of an ACK does nothing.
 * @param from where it came from; a request sent there goes back the same way.
 */
export type RequestListener = (request: SipRequest, respond: Respond, from: Target) => void;

/** A user agent's core: RFC 3261's transport and transaction layers. */
export interface SipStack {
  /**
   * Where the far end reaches us over this target: what Via, Contact and SDP must say. Over TCP and TLS that is the connection's own
   * port: nobody listens there, so the far end has to use the connection. Opens it; rejects where there is no way to the target.
   */
  local(target: Target): Promise<Local>;
  /**
   * Sends a request in a client transaction, INVITE or not by its method. Adds the top Via, Max-Forwards where there is none, and
   * Content-Length; sends again as RFC 3261 §17.1 says; ACKs refusals by itself.
   * @throws RangeError where something in it could start another header (CR, LF, NUL).
   */
  request(request: SipRequest, target: Target, listener: ResponseListener): ClientTransaction;
  /** Sends the ACK of a 2xx: it has no transaction and no answer (RFC 3261 §13.2.2.4). Adds and throws the same as `request`. */
  ack(request: SipRequest, target: Target): void;
  /**
   * The one listener for requests from outside (BYE, re-INVITE, OPTIONS, INFO, NOTIFY…): each is heard once, for what is sent again
   * is answered by its transaction. An ACK of a 2xx is heard too. CANCEL is handled here: the INVITE, if it has no final answer yet,
   * gets 487. A 2xx to an INVITE is sent again until its ACK comes. Without a listener: 481 inside a dialog, 405 outside.
   */
  onRequest(listener: RequestListener): void;
  /** Closes sockets at once; what is under way is lost without a word. */
  close(): Promise<void>;
}

export interface CountingSipStack extends SipStack {
  /** How much came that was of no use, since the start. */
  readonly faults: Readonly<Record<FaultKind, number>>;
}

/** Binds the UDP sockets. Rejects with the system's error where an address or port cannot be had. */
export async function openSipStack(options: SipStackOptions): Promise<CountingSipStack> {
  return sipStackOver(await openNetwork(options), options);
}

export interface SipStackDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly supported?: readonly string[];
}

/** The same over any network. */
export function sipStackOver(network: Network, { clock, random, log, supported = [] }: SipStackDeps): CountingSipStack {
  const tally = faultTally(clock, log);
  const friends = acquaintances();
  let listener: RequestListener = (request, respond) => {
    respond(tagOf(request.headers.get('to')) === null ? { status: 405, headers: [['Allow', '']] } : { status: 481 });
  };

  let closed = false;

  // What a listener throws is its own fault, and must not end the process: all this runs in events of sockets and timers.
  function guarded(call: () => void): boolean {
    try {
      call();
      return true;
    } catch (error) {
      log.error('sip_listener_failed', {}, error);
      return false;
    }
  }

  const outgoing = clients({ clock, random, network });
  const incoming = servers({
    clock,
    random,
    send: (target, octets) => network.send(target, octets, () => {}),
    known: friends.known,
    heard(request, respond, from) {
      const refusal = request.method === 'ACK' ? null : unsupported(request, supported);
      if (refusal !== null) respond(refusal);
      else if (!guarded(() => listener(request, respond, from))) respond({ status: 500 });
    },
    flooded: (from) => tally.count('flooded', 'too many requests', from),
  });

  function received(octets: Buffer, from: Target): void {
    const message = parseSip(octets);
    switch (message.kind) {
      case 'request':
        incoming.receive(message, from);
        break;
      case 'response':
        if (!outgoing.receive(message)) tally.count('stray', 'no such transaction', from);
        break;
      case 'fault':
        // Some keep the way open with a few octets that say nothing.
        if (octets.length <= 4) return;
        tally.count('malformed', message.why, from);
        // Neither a response nor an ACK is ever answered.
        if (message.method === null || message.method === 'ACK') return;
        incoming.refuse(message.headers, from, { status: message.status, reason: message.why });
        break;
      default:
        message satisfies never;
    }
  }

  network.listen({
    received: (octets, from) => void guarded(() => received(octets, from)),
    gone: (target) => outgoing.gone(target),
  });

  return {
    local: network.local,
    request(request, target, answers) {
      friends.met(target.address);
      return outgoing.request(request, target, {
        response: (response) => void guarded(() => answers.response(response)),
        lost: (why) => void (closed || guarded(() => answers.lost(why))),
      });
    },
    ack(request, target) {
      friends.met(target.address);
      outgoing.ack(request, target);
    },
    onRequest(heard) {
      listener = heard;
    },
    faults: tally.counts,
    close() {
      closed = true;
      return network.close();
    },
  };
}
