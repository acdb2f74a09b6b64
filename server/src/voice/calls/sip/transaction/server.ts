import type { Clock } from '../../../../values/clock.ts';
import type { Reply } from './reply.ts';

/** What a server transaction is given. */
export interface ServerDeps {
  readonly clock: Clock;
  /** Whether the transport loses nothing. */
  readonly reliable: boolean;
  /** The reply as octets. @throws RangeError where it may not be written. */
  write(reply: Reply): Buffer;
  send(octets: Buffer): void;
  /** Nobody has to bring it requests any more. Said once, the last thing. */
  ended(): void;
}

/** A server transaction as its keeper sees it. */
export interface RunningServer {
  respond(reply: Reply): void;
  /** The same request came again. */
  again(): void;
  /** Its ACK came. @returns whether that is the first one of a 2xx: it is then the caller's to hear. */
  acked(): boolean;
  /** An INVITE that has no final answer gets 487. */
  cancelled(): void;
}
