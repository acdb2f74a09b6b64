import type { Clock } from '../../../../values/clock.ts';
import type { SipMessage, SipResponse } from '../message/sip-message.ts';

/** What a client transaction is given. */
export interface ClientDeps {
  readonly clock: Clock;
  /** Whether the transport loses nothing: then nothing is sent again. */
  readonly reliable: boolean;
  send(octets: Buffer): void;
  readonly listener: ResponseListener;
  /** Nobody has to bring it responses any more. Said once, the last thing. */
  ended(): void;
}

export interface ResponseListener {
  /**
   * Each provisional response, and the final one. Of an INVITE: every 2xx, repeated and forked ones too, for 64·T1 (32 s) after
   * the first; each wants an ACK. Never called before `request` has returned.
   */
  response(response: SipResponse): void;
  /** No (more) answer can come: said once, and nothing follows it. Not said after a final response, nor after `abandon`. */
  lost(why: 'timeout' | 'transport'): void;
}

export interface ClientTransaction {
  /**
   * INVITE only: sends a CANCEL, now if a provisional response has come, else as soon as one comes (RFC 3261 §9.1). The answer to
   * the INVITE follows, 487 or whatever crossed; `lost('timeout')` where none comes within 64·T1. A second call does nothing.
   */
  cancel(): void;
  /**
   * Gives up: nothing more is sent again, `lost` is not said. What still comes is handled: a late provisional response to an
   * INVITE is cancelled, a refusal ACKed; a 2xx to an INVITE still reaches the listener, for it wants an ACK and a BYE.
   */
  abandon(): void;
}

/** A client transaction as its keeper sees it. */
export interface RunningClient extends ClientTransaction {
  receive(response: SipResponse): void;
  /** What was sent did not leave, or its connection broke. */
  failed(): void;
}

/** What an INVITE's transaction sends beside the INVITE itself. */
export interface InviteDeps extends ClientDeps {
  /** The ACK of a refusal (RFC 3261 §17.1.1.3). */
  ack(refusal: SipResponse): SipMessage;
  /** Starts a CANCEL, a transaction of its own. */
  sendCancel(): void;
}
