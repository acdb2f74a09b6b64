import type { Timer } from '../../../../values/clock.ts';
import type { SipResponse } from '../message/sip-message.ts';
import { writeSip } from '../message/write.ts';
import type { InviteDeps, RunningClient } from './client.ts';
import { resend } from './resend.ts';
import { PATIENCE } from './timers.ts';

/**
 * The client transaction of an INVITE (RFC 3261 §17.1.1), with the Accepted state of RFC 6026 §7.2: after a 2xx it stays, for 2xx of
 * other forks and those sent again. It waits without end between a provisional response and the final one: how long it may ring is
 * the caller's to say.
 */
export function inviteClient(deps: InviteDeps, request: Buffer): RunningClient {
  const { clock, reliable, send, listener, ended } = deps;
  let state: 'calling' | 'proceeding' | 'completed' | 'accepted' | 'terminated' = 'calling';
  let wish: 'answer' | 'cancel' | 'abandon' = 'answer';
  let cancelled = false;
  let ackOctets: Buffer | null = null;
  // Timer A, which has no longest wait: B ends it.
  const again = reliable ? null : resend(clock, PATIENCE, () => send(request));
  // Timer B; after a CANCEL, RFC 3261 §9.1's patience; then D or M.
  let timer: Timer = clock.after(PATIENCE, () => lose('timeout'));
  send(request);

  function terminate(): void {
    if (state === 'terminated') return;
    state = 'terminated';
    again?.cancel();
    timer.cancel();
    ended();
  }

  function lose(why: 'timeout' | 'transport'): void {
    if (state !== 'calling' && state !== 'proceeding') return;
    terminate();
    if (wish !== 'abandon') listener.lost(why);
  }

  function endIn(ms: number): void {
    timer.cancel();
    if (ms === 0) terminate();
    else timer = clock.after(ms, terminate);
  }

  function cancelOnce(): void {
    if (cancelled || state !== 'proceeding') return;
    cancelled = true;
    deps.sendCancel();
    timer.cancel();
    timer = clock.after(PATIENCE, () => lose('timeout'));
  }

  function provisional(response: SipResponse): void {
    if (state !== 'calling' && state !== 'proceeding') return;
    if (state === 'calling') {
      state = 'proceeding';
      again?.cancel();
      timer.cancel();
    }
    if (wish !== 'answer') cancelOnce();
    if (wish !== 'abandon') listener.response(response);
  }

  function success(response: SipResponse): void {
    if (state === 'calling' || state === 'proceeding') {
      state = 'accepted';
      again?.cancel();
      endIn(PATIENCE);
    }
    // Also behind a refusal, where a proxy's forks did not agree: whoever has answered must hear a BYE.
    listener.response(response);
  }

  function refusal(response: SipResponse): void {
    if (state === 'completed' && ackOctets !== null) send(ackOctets);
    if (state !== 'calling' && state !== 'proceeding') return;
    state = 'completed';
    again?.cancel();
    ackOctets = writeSip(deps.ack(response));
    send(ackOctets);
    // Timer D: on a stream nothing comes twice.
    endIn(reliable ? 0 : PATIENCE);
    if (wish !== 'abandon') listener.response(response);
  }

  return {
    receive(response) {
      if (state === 'terminated') return;
      if (response.status < 200) provisional(response);
      else if (response.status < 300) success(response);
      else refusal(response);
    },
    failed: () => lose('transport'),
    cancel() {
      if (wish === 'answer') wish = 'cancel';
      cancelOnce();
    },
    abandon() {
      wish = 'abandon';
      again?.cancel();
      cancelOnce();
    },
  };
}
