import { type Fault, PassbellError } from '../../errors.ts';
import type { OtpFilter } from '../../store/tables/otps.ts';
import { parsePhoneNumber } from '../../values/phone-number.ts';
import { parseIso } from './iso-instant.ts';
import type { ZonedTime } from './zoned-time.ts';

/** A parsed query string: a parameter that was given twice is a list. */
export type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Which rows a request asks for. */
export interface ListQuery {
  /** Rows a page, 1 … 100. */
  readonly limit: number;
  readonly offset: number;
  /** What the request counted in: `next` and `previous` go on in it. */
  readonly style: 'page' | 'offset';
  readonly filter: OtpFilter;
}

export interface ListContext {
  readonly country: string;
  readonly zone: ZonedTime;
  /** The digest that the account's rows to a number carry. */
  digest(e164: string): string;
}

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;
/** Far past any account's rows, and far from where numbers lose their last digits. */
const MAX_ROW = 1_000_000_000;

/** Throws `invalid_request` with every fault at once. A parameter without a value counts as absent, unknown ones are passed over. */
export function parseListQuery(query: Query, context: ListContext): ListQuery {
  const faults: Fault[] = [];
  const read = (name: string) => single(query, name, faults);
  const whole = (name: string, min: number, max: number) => wholeNumber(read(name), name, min, max, faults);

  const limit = whole('limit', 1, MAX_LIMIT);
  const pageSize = whole('page_size', 1, MAX_LIMIT);
  const page = whole('page', 1, MAX_ROW / MAX_LIMIT);
  const offset = whole('offset', 0, MAX_ROW);
  if (limit !== null && pageSize !== null && limit !== pageSize) {
    faults.push({ field: 'page_size', message: 'limit and page_size mean the same: send one of them.' });
  }
  if (page !== null && offset !== null) faults.push({ field: 'page', message: 'Send page or offset, not both.' });

  const filter: OtpFilter = {
    dialect: 'tingting',
    ...numberFilter(read('number'), context, faults),
    ...channelFilter(read('sms_send_options'), faults),
    ...optionsFilter(read('otp_options'), faults),
    ...timeFilter(read('created_after'), 'created_after', context, faults),
    ...timeFilter(read('created_before'), 'created_before', context, faults),
  };
  if (faults.length > 0) throw new PassbellError('invalid_request', { faults });

  const size = pageSize ?? limit ?? DEFAULT_LIMIT;
  const isPaged = page !== null || (pageSize !== null && offset === null);
  return {
    limit: size,
    offset: isPaged ? ((page ?? 1) - 1) * size : (offset ?? 0),
    style: isPaged ? 'page' : 'offset',
    filter,
  };
}

function single(query: Query, name: string, faults: Fault[]): string | null {
  const value = query[name];
  if (value === undefined || value === '') return null;
  if (typeof value === 'string') return value;
  faults.push({ field: name, message: `${name} is given more than once.` });
  return null;
}

function wholeNumber(text: string | null, name: string, min: number, max: number, faults: Fault[]): number | null {
  if (text === null) return null;
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  faults.push({ field: name, message: `${name} must be a whole number from ${min} to ${max}.` });
  return null;
}

function numberFilter(text: string | null, { country, digest }: ListContext, faults: Fault[]): OtpFilter {
  if (text === null) return {};
  // A "+" that was left unescaped in the query arrives as a space.
  const parsed = parsePhoneNumber(text.replace(/^ (?=\d)/, '+'), country);
  if (parsed.ok) return { numberDigest: digest(parsed.number.e164) };
  faults.push({ field: 'number', message: parsed.reason });
  return {};
}

function channelFilter(text: string | null, faults: Fault[]): OtpFilter {
  if (text === null) return {};
  if (text === 'text') return { channel: 'sms' };
  if (text === 'voice') return { channel: 'voice' };
  faults.push({ field: 'sms_send_options', message: 'sms_send_options must be "text" or "voice".' });
  return {};
}

function optionsFilter(text: string | null, faults: Fault[]): OtpFilter {
  if (text === null) return {};
  if (text === 'personnel' || text === 'generated') return { variant: text };
  faults.push({ field: 'otp_options', message: 'otp_options must be "personnel" or "generated".' });
  return {};
}

function timeFilter(
  text: string | null,
  name: 'created_after' | 'created_before',
  { zone }: ListContext,
  faults: Fault[],
): OtpFilter {
  if (text === null) return {};
  const span = parseIso(text, zone);
  if (span !== null) {
    return name === 'created_after' ? { createdAfter: span.first } : { createdBefore: span.last };
  }
  const message = `${name} must be an ISO 8601 date or time, as in 2025-10-29 or 2025-10-29T13:33:55+05:45.`;
  faults.push({ field: name, message });
  return {};
}
