import type { RunningServer, ServerDeps } from './server.ts';
import { PATIENCE } from './timers.ts';

/** The server transaction of any method but INVITE (RFC 3261 §17.2.2). */
export function requestServer({ clock, reliable, write, send, ended }: ServerDeps): RunningServer {
  let last: Buffer | null = null;
  let final = false;
  // Nobody may keep it for ever; and a late answer to such a request is of no use (RFC 4320 §4.2).
  let timer = clock.after(PATIENCE, ended);

  return {
    respond(reply) {
      if (final) return;
      last = write(reply);
      final = reply.status >= 200;
      send(last);
      if (!final) return;
      timer.cancel();
      // Timer J.
      if (reliable) ended();
      else timer = clock.after(PATIENCE, ended);
    },
    again() {
      if (last !== null) send(last);
    },
    acked: () => false,
    cancelled() {},
  };
}
