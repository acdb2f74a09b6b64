/** What a phone would offer to fill in out of a message by itself, without its owner typing. */
export interface AutofillOffer {
  /** The site that alone is offered the code; null: an app is. */
  readonly domain: string | null;
  /** The hash of the app that alone is given the message; null: a site is. */
  readonly androidHash: string | null;
  /** What is filled in; null: the app finds it in the text. */
  readonly code: string | null;
}

/** Origin-bound one-time codes: the last line is `@host #code`, https://wicg.github.io/sms-one-time-codes/#parsing */
const BOUND = /^@([^\s@#]+) #([^\s#@]+)(?=$|\s)/;
/** SMS Retriever: the last word is the app's hash, https://developers.google.com/identity/sms-retriever/verify */
const HASHED = /(?:^|\s)([A-Za-z0-9+/]{11})\s*$/;
/** Octets that Android reads at most, by the same page. */
const READ_BY_ANDROID = 140;

/** What a message offers; null: nothing. */
export function autofillOf(text: string): AutofillOffer | null {
  const lines = text.split('\n');
  const [, domain, code] = BOUND.exec(lines.at(-1) ?? '') ?? [];
  if (domain !== undefined && code !== undefined) return { domain, androidHash: null, code };
  const [, androidHash] = HASHED.exec(lines.length > 1 ? (lines.at(-1) ?? '') : '') ?? [];
  if (androidHash === undefined || Buffer.byteLength(text) > READ_BY_ANDROID) return null;
  return { domain: null, androidHash, code: null };
}
