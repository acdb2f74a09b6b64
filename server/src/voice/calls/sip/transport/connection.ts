import type { Socket } from 'node:net';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { dial, errorCode } from '../../../../net/dial.ts';
import type { Clock } from '../../../../values/clock.ts';
import { streamFramer } from './stream-framer.ts';
import type { Local, Target } from './target.ts';

export interface ConnectionListener {
  received(octets: Buffer): void;
  /** Said once: it broke, or never came to be. `code`: the system's error code, or `closed`. */
  gone(code: string): void;
}

export interface Connection {
  /** Rejects where it cannot be opened. */
  readonly local: Promise<Local>;
  /** Waits for the connection to open. */
  send(octets: Buffer, failed: () => void): void;
  /** How long nothing has come, ms. */
  quietMs(): number;
  /** `gone` follows. */
  destroy(): void;
}

/** A far end that does not take the connection in this time is not there. */
const CONNECT_MS = 5_000;
/** Keeps the way through a firewall open, and lets the kernel notice that the far end has gone (RFC 5626 §4.4.1). */
const PING_MS = 30_000;
const PING = Buffer.from('\r\n\r\n');
const PONG = Buffer.from('\r\n');
/** What the far end does not take may pile up to here: then it hangs, and the connection is given up. */
const UNSENT_LIMIT = 1024 * 1024;
/** How long the last words to one who does not speak SIP may take. */
const LINGER_MS = 1_000;

export function connection(
  target: Target,
  { clock, ca }: { readonly clock: Clock; readonly ca: string | null },
  listener: ConnectionListener,
): Connection {
  const abort = new AbortController();
  const tooLate = clock.after(CONNECT_MS, () => abort.abort());
  let waiting: { readonly octets: Buffer; readonly failed: () => void }[] = [];
  let unsent = 0;
  let socket: Duplex | null = null;
  let gone = false;
  let heardAt = clock.elapsed();
  let sent = false;
  let ping = clock.after(PING_MS, beat);

  const framer = streamFramer({
    message: listener.received,
    ping: () => write(PONG, () => {}),
    lost(octets) {
      listener.received(octets);
      socket?.end();
      clock.after(LINGER_MS, () => end('garbled'));
    },
  });

  async function open(): Promise<Local> {
    const servername = isIP(target.serverName) ? null : target.serverName;
    const tls = target.transport === 'tls' ? { ca, servername, insecure: false } : null;
    try {
      const opened = await dial({ host: target.address, port: target.port, tls }, abort.signal);
      tooLate.cancel();
      return take(opened);
    } catch (error) {
      end(errorCode(error));
      throw error;
    }
  }

  function take(opened: Duplex): Local {
    if (gone) {
      opened.destroy();
      throw Object.assign(new Error('closed'), { code: 'ECONNRESET' });
    }
    socket = opened;
    opened.on('data', (chunk: Buffer) => {
      heardAt = clock.elapsed();
      framer.push(chunk);
    });
    opened.on('error', (error) => end(errorCode(error)));
    opened.on('close', () => end('closed'));
    const held = waiting;
    waiting = [];
    for (const { octets, failed } of held) write(octets, failed);
    // Of TLS too: a TLS socket is one of TCP.
    const { localAddress = '', localPort = 0 } = opened as Socket;
    return { host: localAddress, port: localPort };
  }

  function write(octets: Buffer, failed: () => void): void {
    sent = true;
    if (socket === null || gone) return;
    if (!socket.writable) return void setImmediate(failed);
    socket.write(octets, (error) => {
      if (error) failed();
    });
    if (socket.writableLength > UNSENT_LIMIT) end('ETIMEDOUT');
  }

  function beat(): void {
    if (!sent) write(PING, () => {});
    sent = false;
    ping = clock.after(PING_MS, beat);
  }

  function end(code: string): void {
    if (gone) return;
    gone = true;
    tooLate.cancel();
    ping.cancel();
    abort.abort();
    socket?.destroy();
    for (const { failed } of waiting) setImmediate(failed);
    waiting = [];
    listener.gone(code);
  }

  const local = open();
  // Who wants to know asks `local`; the others learn it from `gone`.
  local.catch(() => {});
  return {
    local,
    send(octets, failed) {
      if (gone) setImmediate(failed);
      else if (socket !== null) write(octets, failed);
      else if (unsent + octets.length > UNSENT_LIMIT) setImmediate(failed);
      else {
        unsent += octets.length;
        waiting.push({ octets, failed });
      }
    },
    quietMs: () => clock.elapsed() - heardAt,
    destroy: () => end('closed'),
  };
}
