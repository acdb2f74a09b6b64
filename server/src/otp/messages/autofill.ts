/** What lets a phone offer the code by itself. */
export interface Autofill {
  /** The site that the code is for: "Origin-bound one-time codes delivered via SMS" (WICG), which browsers read as WebOTP. */
  readonly domain: string | null;
  /** The hash of the Android app that reads the message: https://developers.google.com/identity/sms-retriever/verify */
  readonly androidHash: string | null;
}

export const NO_AUTOFILL: Autofill = { domain: null, androidHash: null };

/** SMS Retriever reads no longer messages. */
export const ANDROID_BYTES = 140;
const ANDROID_HASH = /^[A-Za-z0-9+/]{11}$/;

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const HOST = new RegExp(`^(?:${LABEL}\\.)+${LABEL}$`);

/** What is wrong with what was asked for, by field: each the rest of the sentence "must …". */
export function autofillFaults({ domain, androidHash }: Autofill): readonly (readonly [field: string, must: string])[] {
  const faults: [string, string][] = [];
  if (domain !== null && !isHost(domain)) {
    faults.push(['domain', 'be the name of a host in small letters, as in example.com, without scheme, port or path']);
  }
  if (androidHash !== null && !ANDROID_HASH.test(androidHash)) {
    faults.push(['android_hash', 'be the 11 characters that Android derives from the app: letters, digits, + and /']);
  }
  // Both readers want the last line for themselves.
  if (domain !== null && androidHash !== null)
    faults.push(['android_hash', 'not stand beside domain: each is a last line']);
  return faults;
}

/** The text with the line that phones read. The code stands in it a second time, as the specification wants it. */
export function withAutofill(text: string, code: string, autofill: Autofill): string {
  if (autofill.domain !== null) return `${text}\n\n@${autofill.domain} #${code}`;
  if (autofill.androidHash !== null) return `${text}\n\n${autofill.androidHash}`;
  return text;
}

/** Whether the app can get a message, with its hash in it; true where there is no app. The bytes are those of UTF-8, in which Android counts. */
export function isReadByApp(message: string, { androidHash }: Autofill): boolean {
  return androidHash === null || Buffer.byteLength(message) <= ANDROID_BYTES;
}

/** A host of RFC 1123 §2.1 with a dot in it; never an address, whose last label has no letter. */
function isHost(text: string): boolean {
  return text.length <= 253 && HOST.test(text) && /[a-z]/.test(text.slice(text.lastIndexOf('.') + 1));
}
