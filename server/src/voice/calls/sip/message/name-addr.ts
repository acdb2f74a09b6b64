import { type Params, param, parseParams, writeParams } from './params.ts';
import { quoted, quotedEnd, unquoted } from './token.ts';

/** What From, To, Contact, Route and their like hold (RFC 3261 §20.10). */
export interface NameAddr {
  /** Without quotes and backslashes; empty: none. */
  readonly displayName: string;
  /** As written, of any scheme. */
  readonly uri: string;
  /** The header field's own parameters, not the URI's. */
  readonly params: Params;
}

const URI = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"]+$/;
/** Tokens with spaces between them; beside ASCII anything, for those who forget the quotes. */
const BARE_NAME = /^[A-Za-z0-9\-.!%*_+`'~ \t\u0080-\uffff]*$/;

/** @returns null where it is malformed. `*` (RFC 3261 §10.2.2) is not an address either. */
export function parseNameAddr(value: string): NameAddr | null {
  const text = value.trim();
  const open = text.startsWith('"') ? afterQuoted(text) : text.indexOf('<');
  if (open === null) return null;
  if (open < 0) return parseBare(text);
  const before = text.slice(0, open).trim();
  const displayName = before.startsWith('"') ? unquoted(before) : before;
  if (displayName === before && !BARE_NAME.test(before)) return null;
  const close = text.indexOf('>', open);
  const uri = text.slice(open + 1, close);
  const params = close < 0 ? null : parseParams(text, close + 1);
  return params !== null && URI.test(uri) ? { displayName, uri, params } : null;
}

/** Where the `<` behind a quoted name is; null: there is none. */
function afterQuoted(text: string): number | null {
  const end = quotedEnd(text, 0);
  if (end < 0) return null;
  const open = text.slice(end).search(/[^ \t]/) + end;
  return text[open] === '<' ? open : null;
}

/** Without `<` and `>`: what follows a semicolon is the header's, and the URI has neither `,` nor `?` (RFC 3261 §20). */
function parseBare(text: string): NameAddr | null {
  const semicolon = text.indexOf(';');
  const uri = (semicolon < 0 ? text : text.slice(0, semicolon)).trim();
  const params = semicolon < 0 ? [] : parseParams(text, semicolon);
  return params !== null && URI.test(uri) && !/[,?]/.test(uri) ? { displayName: '', uri, params } : null;
}

/**
 * Always with `<` and `>`, so that parameters are the header's.
 * @throws RangeError where the URI holds `<`, `>`, a quote or white space, or the name a line break or NUL.
 */
export function writeNameAddr({ displayName, uri, params }: NameAddr): string {
  if (!URI.test(uri)) throw new RangeError('not a URI that can stand in a header');
  if (/[\r\n\0]/.test(displayName)) throw new RangeError('a display name is one line');
  return `${displayName === '' ? '' : `${quoted(displayName)} `}<${uri}>${writeParams(params)}`;
}

/** The tag of a From or To value; null: none, or the value is malformed. */
export function tagOf(value: string | undefined): string | null {
  const address = value === undefined ? null : parseNameAddr(value);
  return (address && param(address, 'tag')) ?? null;
}
