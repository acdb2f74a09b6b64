import { holdsControls } from '../sms/controls.ts';
import { countSegments, MAX_SEGMENTS, ROOM } from '../sms/segments.ts';
import type { Secret } from '../values/secret.ts';

const PLACEHOLDER = '{otp}';

/** Past this no code, however short, brings the message down to `MAX_SEGMENTS`: the bound on the work of looking closer. */
const MAX_LENGTH = PLACEHOLDER.length * MAX_SEGMENTS * ROOM.gsm7.part;

const TOO_LONG = `The message takes more than ${MAX_SEGMENTS} SMS segments with the code in it: shorten it, or put {otp} in fewer places.`;

/**
 * The message with the code in place of every `{otp}`, in one pass: what stands in the code is never read as a placeholder
 * or as a replacement pattern (`$&`). Half of a surrogate pair becomes U+FFFD, so that the text is what the handset shows.
 */
export function renderOtp(template: string, code: Secret): string {
  const text = code.reveal();
  // A function, since a replacement string would give `$` a meaning.
  return template.replaceAll(PLACEHOLDER, () => text).toWellFormed();
}

/**
 * What is wrong with a message template, as a sentence with the cure; null if it can be sent.
 *
 * A message that ends in a line of the form `@host #code` is refused: phones offer the code of such a message to that site
 * alone (WICG "Origin-bound one-time codes delivered via SMS"), so a line that the service did not write itself could hand
 * the code to another's site.
 *
 * @param longestCode characters of the longest code that may be put in: with it the message must fit in `MAX_SEGMENTS`
 */
export function templateFault(template: unknown, longestCode = 10): string | null {
  if (template === undefined || template === null || template === '') return 'A message is required.';
  if (typeof template !== 'string') return 'The message must be a string.';
  if (template.length > MAX_LENGTH) return TOO_LONG;
  if (!template.includes(PLACEHOLDER)) return withoutPlaceholder(template);
  if (/\{\{\s*otp\s*\}\}/.test(template)) return 'The placeholder is {otp}, in single braces.';
  // Better said than silently dropped.
  if (holdsControls(template))
    return 'The message holds a control character other than a line break or a tab: remove it.';
  const longest = template.replaceAll(PLACEHOLDER, '0'.repeat(longestCode));
  if (isDomainBound(longest)) {
    return 'The message must not end in a line of the form "@host #code": phones would bind the code to that site.';
  }
  return countSegments(longest) > MAX_SEGMENTS ? TOO_LONG : null;
}

function withoutPlaceholder(template: string): string {
  if (/\{\s*otp\s*\}/i.test(template)) {
    return 'The placeholder is {otp}, in small letters and without spaces; as it is written here it would be sent as it stands.';
  }
  return 'The message must hold the placeholder {otp} where the code is to stand.';
}

/** Looks at the last line that holds anything, as phones trim differently from what the specification says. */
export function isDomainBound(text: string): boolean {
  const lastLine =
    text
      .trimEnd()
      .split(/[\n\r\f\v\u0085\u2028\u2029]/)
      .at(-1) ?? '';
  return /^\s*@\S+\s.*#\S/.test(lastLine);
}
