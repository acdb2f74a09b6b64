import type { ClientDeps, RunningClient } from './client.ts';
import { resend } from './resend.ts';
import { PATIENCE, T2, T4 } from './timers.ts';

/** A client transaction of any method but INVITE (RFC 3261 §17.1.2). `request`: its octets. */
export function requestClient({ clock, reliable, send, listener, ended }: ClientDeps, request: Buffer): RunningClient {
  let state: 'trying' | 'completed' | 'terminated' = 'trying';
  let abandoned = false;
  // Timer E. A provisional response changes little here: §17.1.2.2 goes on at T2, and we are there after four times anyway.
  const again = reliable ? null : resend(clock, T2, () => send(request));
  // Timer F.
  const patience = clock.after(PATIENCE, () => lose('timeout'));
  send(request);

  function terminate(): void {
    if (state === 'terminated') return;
    state = 'terminated';
    again?.cancel();
    patience.cancel();
    ended();
  }

  function lose(why: 'timeout' | 'transport'): void {
    if (state !== 'trying') return;
    terminate();
    if (!abandoned) listener.lost(why);
  }

  return {
    receive(response) {
      if (state !== 'trying') return;
      if (response.status >= 200) {
        state = 'completed';
        again?.cancel();
        patience.cancel();
        // Timer K: the same answer, sent again, is not to be taken for one nobody asked for.
        if (reliable) terminate();
        else clock.after(T4, terminate);
      }
      if (!abandoned) listener.response(response);
    },
    failed: () => lose('transport'),
    cancel() {},
    abandon() {
      abandoned = true;
      again?.cancel();
    },
  };
}
