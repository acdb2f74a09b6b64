import type { CallEnd } from '../../call-engine.ts';
import type { SipHeaders } from '../message/sip-headers.ts';
import type { SipResponse } from '../message/sip-message.ts';

const LONGEST_REASON = 64;

/** The callee, or somebody on the way, said no: RFC 3261 §21; 607 is RFC 8197's, 608 RFC 8688's. */
const REJECTED: ReadonlySet<number> = new Set([403, 486, 600, 603, 607, 608]);

/**
 * No other trunk could do better: there is no such number (410, 604), it is not whole (484), or nobody there speaks G.711 (606).
 * Not 404: trunks say it as well where they have no route, unless the network told them so (cause 1).
 */
const NEVER: ReadonlySet<number> = new Set([410, 484, 604, 606]);
const UNALLOCATED_NUMBER = 1;

/** After it rang: nobody answered, and somebody on the way gave up before we did. */
const UNANSWERED: ReadonlySet<number> = new Set([408, 480, 487]);

/** @param rang whether a provisional response came before: then the callee may have heard it, and another call may be one too many. */
export function refusedEnd(response: SipResponse, rang: boolean): CallEnd {
  const { status } = response;
  const { cause, text } = readReason(response.headers);
  const said = { sipStatus: status, cause, reason: oneLine(text ?? response.reason) };
  if (REJECTED.has(status)) return { ...said, outcome: 'rejected', retry: 'never' };
  if (rang && UNANSWERED.has(status)) return { ...said, outcome: 'cancelled', retry: 'never' };
  const never = NEVER.has(status) || (status === 404 && cause === UNALLOCATED_NUMBER);
  return { ...said, outcome: 'failed', retry: never ? 'never' : rang ? 'unknown' : 'elsewhere' };
}

/** @param response the last one; null: none came. */
export function cancelledEnd(response: SipResponse | null): CallEnd {
  const { cause, text } = response === null ? { cause: null, text: null } : readReason(response.headers);
  // What was answered after all has no status: it ended with a BYE.
  const isFinal = response !== null && response.status >= 300;
  const reason = oneLine(text ?? (isFinal ? response.reason : ''));
  return { outcome: 'cancelled', sipStatus: isFinal ? response.status : null, reason, cause, retry: 'never' };
}

/** @param headers of the BYE that ended it; null: we did. */
export function completedEnd(headers: SipHeaders | null): CallEnd {
  const { cause, text } = headers === null ? { cause: null, text: null } : readReason(headers);
  return { outcome: 'completed', sipStatus: null, reason: oneLine(text ?? ''), cause, retry: 'never' };
}

/** It came to nothing for a reason of our own, or for none that was said. */
export function failedEnd(reason: string, retry: CallEnd['retry'], sipStatus: number | null = null): CallEnd {
  return { outcome: 'failed', sipStatus, reason, cause: null, retry };
}

/** RFC 3326: `Reason: Q.850;cause=16;text="Normal call clearing"`, or `SIP;cause=200;text="Call completed elsewhere"`. */
export function readReason(headers: SipHeaders): { readonly cause: number | null; readonly text: string | null } {
  let cause: number | null = null;
  let text: string | null = null;
  for (const value of headers.all('Reason')) {
    if (/^\s*Q\.850\s*(;|$)/i.test(value)) {
      const found = Number(/;\s*cause\s*=\s*(\d{1,3})(?!\d)/i.exec(value)?.[1]);
      if (cause === null && found >= 1 && found <= 127) cause = found;
    }
    text ??= /;\s*text\s*=\s*"((?:[^"\\]|\\.)*)"/i.exec(value)?.[1]?.replace(/\\(.)/g, '$1') ?? null;
  }
  return { cause, text };
}

/** The far end's words, fit for a record: printable, without its line breaks. */
function oneLine(text: string): string {
  const clean = text.replace(/[\p{C}\p{Z}]+/gu, ' ').trim();
  return clean.slice(0, LONGEST_REASON).toWellFormed();
}
