import type { Clock, Timer } from '../../../../values/clock.ts';
import { bye } from '../dialog/bye.ts';
import { type Dialog, dialogOf } from '../dialog/dialog.ts';
import type { NextHop } from '../dialog/next-hop.ts';
import { authorized, canAuthorize, type ExchangeDeps } from '../exchange.ts';
import { parseCSeq } from '../message/cseq.ts';
import type { SipRequest, SipResponse } from '../message/sip-message.ts';
import type { ClientTransaction, SipStack } from '../stack.ts';
import type { Target } from '../transport/target.ts';

export interface InvitationDeps extends ExchangeDeps {
  readonly stack: Pick<SipStack, 'request' | 'ack'>;
  readonly clock: Clock;
  readonly nextHop: NextHop;
}

/** How an INVITE ends that was not answered. `heard`: anything came back before, so the far end has, or had, the call. */
export type InvitationEnd =
  | { readonly kind: 'refused'; readonly response: SipResponse }
  | { readonly kind: 'lost'; readonly why: 'silent' | 'timeout' | 'transport'; readonly heard: boolean }
  /** Answered when it had been called off already: hung up again at once. */
  | { readonly kind: 'crossed' };

export interface InvitationListener {
  /** A provisional response other than 100: said for each. */
  ringing(): void;
  /** @param sdp of the answer, or of the early media where the answer has none. */
  answered(dialog: Dialog, sdp: Uint8Array): void;
  /** Nothing follows. */
  over(end: InvitationEnd): void;
}

export interface Invitation {
  /** Calls it off, and waits a little for what the far end says to that. Nothing once it was answered or is over. */
  cancel(): void;
}

/** A far end that says nothing to a CANCEL for so long has lost it: what it says later is cleaned up without anybody waiting. */
const CANCEL_MS = 5_000;

/** Forks that are hung up. Each answer from one that is new costs a dialog; an honest trunk has one or two. */
const MOST_FORKS = 8;

/**
 * Sends an INVITE to one target. Whatever else happens: each 2xx gets its ACK, and each one but the first, or that comes too late,
 * a BYE (RFC 3261 §13.2.2.4).
 * @param giveUpMs how long no answer at all may take: long before timer B (32 s), for the callee waits for a code.
 */
export function sendInvite(
  deps: InvitationDeps,
  request: SipRequest,
  target: Target,
  giveUpMs: number,
  listener: InvitationListener,
): Invitation {
  const { stack, clock, auth, nextHop } = deps;
  /** By the far end's tag. */
  const dialogs = new Map<string, { readonly dialog: Dialog; readonly acknowledge: () => void }>();
  let phase: 'calling' | 'cancelling' | 'answered' | 'over' = 'calling';
  let heard = false;
  let sdp: Uint8Array | null = null;
  let transaction: ClientTransaction;
  let timer: Timer;

  function send(invite: SipRequest, tries: number): void {
    const sent = authorized(invite, auth);
    transaction = stack.request(sent, target, {
      response(response) {
        if (response.status < 200) provisional(response);
        else if (response.status < 300) accepted(sent, response);
        else if (phase === 'calling' && canAuthorize(response, auth, tries)) {
          timer.cancel();
          send(renumbered(invite), tries + 1);
        } else finish({ kind: 'refused', response });
      },
      lost: (why) => finish({ kind: 'lost', why, heard }),
    });
    timer = clock.after(giveUpMs, () => giveUp('silent'));
  }

  function provisional({ status, body }: SipResponse): void {
    if (phase !== 'calling') return;
    heard = true;
    timer.cancel();
    if (status === 100) return;
    if (body.length > 0) sdp = body;
    listener.ringing();
  }

  function accepted(invite: SipRequest, response: SipResponse): void {
    const dialog = dialogOf(invite, response);
    const known = dialogs.get(dialog.remoteTag);
    if (known !== undefined) {
      known.acknowledge();
      return;
    }
    if (dialogs.size >= MOST_FORKS) return;
    const hop = nextHop(dialog.hop(), target);
    // §13.2.2.4: with the same credentials as the INVITE.
    const ack = withCredentials(dialog.ack(), invite);
    const acknowledge = () => void hop.then((next) => stack.ack(ack, next));
    dialogs.set(dialog.remoteTag, { dialog, acknowledge });
    acknowledge();
    if (phase === 'calling') {
      phase = 'answered';
      timer.cancel();
      listener.answered(dialog, response.body.length > 0 ? response.body : (sdp ?? response.body));
      return;
    }
    void hop.then((next) => bye(deps, dialog, next));
    finish({ kind: 'crossed' });
  }

  function giveUp(why: 'silent' | 'timeout'): void {
    transaction.abandon();
    finish({ kind: 'lost', why, heard });
  }

  function finish(end: InvitationEnd): void {
    if (phase === 'answered' || phase === 'over') return;
    phase = 'over';
    timer.cancel();
    listener.over(end);
  }

  send(request, 0);
  return {
    cancel() {
      if (phase !== 'calling') return;
      phase = 'cancelling';
      timer.cancel();
      timer = clock.after(CANCEL_MS, () => giveUp('timeout'));
      transaction.cancel();
    },
  };
}

/** RFC 3261 §22.2: the same request, with the next number. */
function renumbered(invite: SipRequest): SipRequest {
  const number = parseCSeq(invite.headers.get('CSeq') ?? '')?.number ?? 0;
  return { ...invite, headers: invite.headers.with('CSeq', `${number + 1} INVITE`) };
}

function withCredentials(ack: SipRequest, invite: SipRequest): SipRequest {
  const names = ['Authorization', 'Proxy-Authorization'];
  const held = names.flatMap((name) => invite.headers.all(name).map((value) => [name, value] as const));
  return { ...ack, headers: held.reduce((headers, [name, value]) => headers.add(name, value), ack.headers) };
}
