import type { SipHeaders } from './sip-headers.ts';

export interface SipRequest {
  readonly kind: 'request';
  /** A token; methods are case-sensitive (RFC 3261 §7.1). */
  readonly method: string;
  readonly uri: string;
  readonly headers: SipHeaders;
  readonly body: Uint8Array;
}

export interface SipResponse {
  readonly kind: 'response';
  /** 100 … 699. */
  readonly status: number;
  /** May be empty; from the far end, so never to be trusted nor logged whole. */
  readonly reason: string;
  readonly headers: SipHeaders;
  readonly body: Uint8Array;
}

/** What came is not SIP, or not to be acted upon. */
export interface SipFault {
  readonly kind: 'fault';
  /** What to answer with, where it was a request that can be answered. */
  readonly status: 400 | 505 | 513;
  /** What is wrong, a constant phrase without anything from the message: for the answer's reason phrase and for the log. */
  readonly why: string;
  /** The request's method; null: it was a response, or not even that is known. */
  readonly method: string | null;
  /** The header fields that could be read. */
  readonly headers: SipHeaders;
}

export type SipMessage = SipRequest | SipResponse;

export const NO_BODY: Uint8Array = new Uint8Array(0);
