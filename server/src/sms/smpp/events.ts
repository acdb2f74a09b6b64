import type { Role } from './pdu/bind.ts';
import type { Notice, SessionEnd } from './session/session-listener.ts';

/**
 * What an SMPP carrier notes, for logs and metrics. Flat, and of what it made itself or took from a closed list: no number, no
 * text, no password, nothing a far end can fill a log with. `bind` counts from 1.
 */
export type SmppEvent =
  | { readonly kind: 'bound'; readonly bind: number; readonly role: Role }
  /** `reason`: a system's error code, such as ECONNREFUSED or CERT_HAS_EXPIRED. */
  | { readonly kind: 'connect_failed'; readonly bind: number; readonly role: Role; readonly reason: string }
  /** `status`: as `ESME_RINVPASWD (0x0E)`; null: no answer came. `final`: not a matter of time. */
  | {
      readonly kind: 'bind_refused';
      readonly bind: number;
      readonly role: Role;
      readonly status: string | null;
      readonly final: boolean;
    }
  | {
      readonly kind: 'disconnected';
      readonly bind: number;
      readonly role: Role;
      readonly end: SessionEnd;
      readonly detail: string | null;
    }
  /** The SMSC said ESME_RTHROTTLED: it now gets so many messages a second. */
  | { readonly kind: 'throttled'; readonly rate: number }
  | Counted;

/** What may come in floods: told once a second, with how often it came. */
export type Counted =
  /** Requests without an answer in time. */
  | { readonly kind: 'unanswered'; readonly count: number }
  | { readonly kind: 'malformed'; readonly count: number; readonly command: string; readonly what: string }
  | { readonly kind: 'stray_answer'; readonly count: number; readonly command: string }
  | { readonly kind: 'alert'; readonly count: number }
  /** A message from a subscriber: acknowledged, and dropped. */
  | { readonly kind: 'mobile_originated'; readonly count: number }
  /** A receipt without an id: acknowledged, and dropped. */
  | { readonly kind: 'unreadable_receipt'; readonly count: number }
  /** Receipts that were not taken: the SMSC is asked to send them again. */
  | { readonly kind: 'receipts_refused'; readonly count: number };

/** The event of one thing that a session noticed. */
export function noticeEvent(notice: Notice): Counted {
  return notice.kind === 'unanswered' ? notice : { ...notice, count: 1 };
}
