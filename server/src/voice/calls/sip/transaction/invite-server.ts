import type { Timer } from '../../../../values/clock.ts';
import type { Reply } from './reply.ts';
import { resend } from './resend.ts';
import type { RunningServer, ServerDeps } from './server.ts';
import { PATIENCE, T2, T4 } from './timers.ts';

/** RFC 3261 §17.2.1: whoever takes longer has to say that it is working on it. */
const SILENCE_MS = 200;

/**
 * The server transaction of an INVITE (RFC 3261 §17.2.1, RFC 6026 §7.1). It also sends a 2xx again until the ACK comes, which
 * §13.3.1.4 leaves to the layer above.
 */
export function inviteServer({ clock, reliable, write, send, ended }: ServerDeps): RunningServer {
  let state: 'proceeding' | 'completed' | 'accepted' | 'confirmed' = 'proceeding';
  let last: Buffer | null = null;
  let again: Timer | null = null;
  let acked = false;
  const trying = clock.after(SILENCE_MS, () => respond({ status: 100 }));
  // Nobody may keep it for ever. Then H, I or L.
  let timer = clock.after(PATIENCE, () => respond({ status: 500 }));

  function respond(reply: Reply): void {
    if (state !== 'proceeding') return;
    last = write(reply);
    trying.cancel();
    send(last);
    if (reply.status >= 200) decided(reply.status < 300, last);
  }

  function decided(success: boolean, octets: Buffer): void {
    state = success ? 'accepted' : 'completed';
    endIn(PATIENCE);
    // A 2xx crosses proxies that may lose it, whatever the transport to the first of them.
    if (success || !reliable) again = resend(clock, T2, () => send(octets));
  }

  function endIn(ms: number): void {
    timer.cancel();
    if (ms === 0) end();
    else timer = clock.after(ms, end);
  }

  function end(): void {
    again?.cancel();
    ended();
  }

  return {
    respond,
    again() {
      // After a 2xx that is its own timer's business (RFC 6026 §7.1).
      if (last !== null && (state === 'proceeding' || state === 'completed')) send(last);
    },
    acked() {
      if (acked || (state !== 'completed' && state !== 'accepted')) return false;
      acked = true;
      again?.cancel();
      // One that was accepted stays, for INVITEs that are still on their way.
      if (state === 'accepted') return true;
      state = 'confirmed';
      // Timer I.
      endIn(reliable ? 0 : T4);
      return false;
    },
    cancelled() {
      respond({ status: 487 });
    },
  };
}
