import type { OtpContent, OtpNumber } from '../../delivery/content.ts';
import type { DeliveryState } from '../../rules/outcome.ts';
import type { OtpRow } from '../../store/tables/otps.ts';
import type { Vault } from '../../vault/vault.ts';
import { readOptions } from './kept-options.ts';
import type { ListQuery, Query } from './list-query.ts';
import type { OtpOptions } from './send-request.ts';
import type { ZonedTime } from './zoned-time.ts';

/** A row of the list: the vendor's fields in its order, then two of ours. */
export interface ListedOtp {
  readonly id: number | null;
  readonly phone_number: string;
  readonly message: string;
  readonly otp: string;
  readonly otp_options: OtpOptions;
  readonly sms_send_options: 'text' | 'voice';
  readonly created_at: string;
  readonly status: DeliveryState;
  readonly credits_used: number;
}

const HIDDEN = '*****';

export interface RowContext {
  readonly vault: Vault;
  readonly zone: ZonedTime;
  /** Rows made before this are no longer shown in clear. */
  readonly revealFrom: number;
  /** Nor those that were to be erased by now: a window that was widened since shows nothing again. */
  readonly now: number;
}

export function listedOtp(row: OtpRow, { vault, zone, revealFrom, now }: RowContext): ListedOtp {
  const isShown = row.createdAt > revealFrom && row.keepContentUntil > now;
  const content = isShown ? open<OtpContent>(row, 'content', vault) : null;
  return {
    id: row.number,
    phone_number: open<OtpNumber>(row, 'number', vault)?.asSent ?? HIDDEN,
    message: content?.text ?? HIDDEN,
    otp: content?.code ?? HIDDEN,
    otp_options: readOptions(row.options).otp_options,
    sms_send_options: row.channel === 'voice' ? 'voice' : 'text',
    created_at: zone.show(row.createdAt),
    status: row.delivery.state,
    credits_used: row.delivery.credits,
  };
}

/** What a cell holds; null when it was erased, or does not open. */
function open<T>(row: OtpRow, column: 'content' | 'number', vault: Vault): T | null {
  const sealed = column === 'content' ? row.contentSealed : row.numberSealed;
  const text = sealed === null ? null : vault.open({ account: row.accountId, row: row.id, column }, sealed);
  return text === null ? null : (JSON.parse(text) as T);
}

/** @param url of the list itself, without a query */
export function listAnswer(url: string, query: Query, asked: ListQuery, count: number, rows: readonly ListedOtp[]) {
  const { limit, offset } = asked;
  return {
    count,
    total_pages: Math.max(1, Math.ceil(count / limit)),
    next: offset + limit < count ? pageUrl(url, query, asked, offset + limit) : null,
    previous: offset > 0 ? pageUrl(url, query, asked, Math.max(0, offset - limit)) : null,
    results: { status: 200, success: true, errors: [], data: rows },
  };
}

/** The request's own query with its place moved, in the way it counted. */
function pageUrl(url: string, query: Query, { limit, style }: ListQuery, offset: number): string {
  const place = style === 'page' ? { page: offset / limit + 1 } : { limit, offset };
  const moved = new URLSearchParams();
  for (const [name, value = ''] of Object.entries(query)) {
    if (name in place) continue;
    for (const each of typeof value === 'string' ? [value] : value) moved.append(name, each);
  }
  for (const [name, value] of Object.entries(place)) moved.append(name, String(value));
  return `${url}?${moved}`;
}
