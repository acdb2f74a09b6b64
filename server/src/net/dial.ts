import { connect, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls, type TLSSocket } from 'node:tls';

/** How a far end proves who it is. */
export interface TlsRules {
  /** PEM of the authorities that may have signed its certificate; null: those that Node.js trusts. */
  readonly ca: string | null;
  /** The name in its certificate; null: the host's. */
  readonly servername: string | null;
  /** Takes any certificate: whoever sits on the way can then read every code. */
  readonly insecure: boolean;
}

/** Where a far end listens. */
export interface Target {
  readonly host: string;
  readonly port: number;
  /** Null: in the clear. */
  readonly tls: TlsRules | null;
}

/** Opens a connection, verified where it is TLS. Rejects with a system's error, or when `signal` aborts. */
export type Dial = (target: Target, signal: AbortSignal) => Promise<Duplex>;

export const dial: Dial = async (target, signal) => {
  const socket = await dialTcp(target, signal);
  return target.tls === null ? socket : await startTls(socket, target, target.tls, signal);
};

/** A TCP connection. Small PDUs wait for answers: no Nagle; the kernel looks for dead peers, beside enquire_link. */
export function dialTcp({ host, port }: Pick<Target, 'host' | 'port'>, signal: AbortSignal): Promise<Socket> {
  return settled(connect({ host, port, noDelay: true, keepAlive: true }), 'connect', signal);
}

/** TLS over an open connection. */
export function startTls(socket: Socket, { host }: Target, rules: TlsRules, signal: AbortSignal): Promise<TLSSocket> {
  const servername = rules.servername ?? (isIP(host) ? undefined : host);
  const tls = connectTls({
    socket,
    host,
    rejectUnauthorized: !rules.insecure,
    ...(servername === undefined ? {} : { servername }),
    ...(rules.ca === null ? {} : { ca: rules.ca }),
  });
  return settled(tls, 'secureConnect', signal);
}

function settled<S extends Duplex>(socket: S, ready: string, signal: AbortSignal): Promise<S> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      signal.removeEventListener('abort', abort);
      socket.destroy();
      reject(error);
    };
    const abort = () => fail(Object.assign(new Error('gave up'), { code: 'ETIMEDOUT' }));
    // Stays: an error between here and the next listener must not end the process.
    socket.on('error', fail);
    socket.once('close', () => fail(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
    socket.once(ready, () => {
      signal.removeEventListener('abort', abort);
      resolve(socket);
    });
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}

/** The system's code of an error, for people and for events; its text may quote what it must not. */
export function errorCode(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : 'error';
}
