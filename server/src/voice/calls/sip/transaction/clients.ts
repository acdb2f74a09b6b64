import type { Clock } from '../../../../values/clock.ts';
import type { Random } from '../../../../values/random.ts';
import { parseCSeq } from '../message/cseq.ts';
import { type SipHeaders, sipHeaders } from '../message/sip-headers.ts';
import { NO_BODY, type SipMessage, type SipRequest, type SipResponse } from '../message/sip-message.ts';
import { BRANCH_COOKIE, writeVia } from '../message/via.ts';
import { assertWritable, writeSip } from '../message/write.ts';
import type { Network } from '../transport/network.ts';
import { type Local, type Target, targetKey } from '../transport/target.ts';
import { clientKey } from './branch.ts';
import type { ClientTransaction, ResponseListener, RunningClient } from './client.ts';
import { inviteClient } from './invite-client.ts';
import { requestClient } from './request-client.ts';
import { PATIENCE } from './timers.ts';

export interface ClientsDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly network: Pick<Network, 'local' | 'send' | 'suspect'>;
}

/** The transactions of the requests that we send. */
export interface Clients {
  request(request: SipRequest, target: Target, listener: ResponseListener): ClientTransaction;
  /** An ACK of a 2xx, which is no transaction. */
  ack(request: SipRequest, target: Target): void;
  /** @returns false where no transaction waits for it. */
  receive(response: SipResponse): boolean;
  /** The connection to a target broke. */
  gone(target: Target): void;
}

interface Kept {
  readonly transaction: RunningClient;
  readonly target: string;
}

export function clients({ clock, random, network }: ClientsDeps): Clients {
  const running = new Map<string, Kept>();

  function withVia(request: SipRequest, target: Target, local: Local): SipRequest {
    const via = writeVia({
      transport: target.transport.toUpperCase(),
      ...local,
      // RFC 3581: the answer is to come back to the port it was asked from, through whatever translates addresses.
      params: [
        ['branch', `${BRANCH_COOKIE}${Buffer.from(random.bytes(12)).toString('hex')}`],
        ['rport', null],
      ],
    });
    return { ...request, headers: withHops(request.headers).prepend('Via', via) };
  }

  function withHops(headers: SipHeaders): SipHeaders {
    return headers.get('max-forwards') === undefined ? headers.with('Max-Forwards', '70') : headers;
  }

  /** @param whole with its Via on top. */
  function start(whole: SipRequest, target: Target, listener: ResponseListener): RunningClient {
    const key = clientKey({ ...whole, kind: 'response', status: 100, reason: '' }) ?? '';
    let transaction: RunningClient | null = null;
    const deps = {
      clock,
      reliable: target.transport !== 'udp',
      send: (octets: Buffer) => network.send(target, octets, () => transaction?.failed()),
      listener: {
        response: listener.response,
        lost(why: 'timeout' | 'transport') {
          if (why === 'timeout') network.suspect(target, PATIENCE);
          listener.lost(why);
        },
      },
      ended: () => void running.delete(key),
    };
    const octets = writeSip(whole);
    transaction =
      whole.method === 'INVITE'
        ? inviteClient(
            {
              ...deps,
              ack: (refusal) => ackOf(whole, refusal),
              sendCancel: () => void start(cancelOf(whole), target, { response() {}, lost() {} }),
            },
            octets,
          )
        : requestClient(deps, octets);
    running.set(key, { transaction, target: targetKey(target) });
    return transaction;
  }

  return {
    request(request, target, listener) {
      // What may not be written is the caller's fault, and told at once.
      assertWritable(request);
      let started: RunningClient | null = null;
      let wish: 'cancel' | 'abandon' | null = null;
      network.local(target).then(
        (local) => {
          if (wish === 'abandon') return;
          started = start(withVia(request, target, local), target, listener);
          if (wish === 'cancel') started.cancel();
        },
        () => {
          if (wish !== 'abandon') listener.lost('transport');
        },
      );
      return {
        cancel() {
          wish ??= 'cancel';
          started?.cancel();
        },
        abandon() {
          wish = 'abandon';
          started?.abandon();
        },
      };
    },
    ack(request, target) {
      assertWritable(request);
      network.local(target).then(
        (local) => network.send(target, writeSip(withVia(request, target, local)), () => {}),
        // The far end sends its 2xx again, and gets another.
        () => {},
      );
    },
    receive(response) {
      const kept = running.get(clientKey(response) ?? '');
      kept?.transaction.receive(response);
      return kept !== undefined;
    },
    gone(target) {
      const broken = targetKey(target);
      for (const { transaction, target: its } of [...running.values()]) if (its === broken) transaction.failed();
    },
  };
}

/** RFC 3261 §17.1.1.3: all as in the INVITE, but for the To, that has the refusal's tag. */
function ackOf(invite: SipRequest, refusal: SipResponse): SipMessage {
  return inPlaceOf(invite, 'ACK', refusal.headers.get('to'));
}

/** RFC 3261 §9.1. */
function cancelOf(invite: SipRequest): SipRequest {
  return inPlaceOf(invite, 'CANCEL', invite.headers.get('to'));
}

function inPlaceOf({ uri, headers }: SipRequest, method: string, to = ''): SipRequest {
  const copied = ['From', 'Call-ID', 'Max-Forwards'].map((name) => [name, headers.get(name) ?? ''] as const);
  const fields = sipHeaders([
    ['Via', headers.get('via') ?? ''],
    ...headers.all('route').map((route) => ['Route', route] as const),
    ...copied,
    ['To', to],
    ['CSeq', `${parseCSeq(headers.get('cseq') ?? '')?.number ?? 0} ${method}`],
  ]);
  return { kind: 'request', method, uri, headers: fields, body: NO_BODY };
}
