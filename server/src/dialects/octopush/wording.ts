import { isDomainBound } from '../../otp/template.ts';
import type { Secret } from '../../values/secret.ts';

/** A message in pieces, the code apart: what stands in it is never read as a placeholder. At least one piece is the code. */
export type Piece = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'code' };

export interface Wording {
  readonly pieces: readonly Piece[];
  readonly warnings: readonly string[];
}

const CODE = /\{\s*code\s*\}/gi;
const TIME = /\{\s*hh:mm:ss\s*\}/gi;
const PLACEHOLDER = '{code}';
const EXACT = new Set([PLACEHOLDER, '{hh:mm:ss}']);
const CODE_FIRST = /^\s*\{code\}/;
const LINE_END = /([\n\r\f\u2028\u2029]+)/;

/**
 * Puts a request's text together. `{code}` and `{hh:mm:ss}` stand for the code and for when it dies; clients of the vendor send
 * `Your verification code: ` without either, and the code behind it. No text at all is the code alone.
 *
 * @param diesAt as a clock shows it
 * @param alphabet what the code is drawn from
 */
export function wordMessage(text: string, { diesAt, alphabet }: { diesAt: string; alphabet: string }): Wording {
  if (text.trim() === '') return { pieces: [{ kind: 'code' }], warnings: [] };
  const named = text.replace(TIME, () => diesAt).replace(CODE, PLACEHOLDER);
  const whole = named.includes(PLACEHOLDER) ? named : `${named}${/\s$/.test(named) ? '' : ' '}${PLACEHOLDER}`;
  const unhosted = unbound(whole, alphabet);
  const pieces = unhosted.split(PLACEHOLDER).flatMap((part, i): Piece[] => {
    const code: Piece[] = i === 0 ? [] : [{ kind: 'code' }];
    return part === '' ? code : [...code, { kind: 'text', text: part }];
  });
  const warnings: string[] = [];
  if ([...text.matchAll(CODE), ...text.matchAll(TIME)].some(([found]) => !EXACT.has(found))) {
    warnings.push('text had a placeholder in another spelling: it was read as {code} or {hh:mm:ss}.');
  }
  if (unhosted !== whole)
    warnings.push('text had a line that would bind the code to a site: its beginning was changed.');
  return { pieces, warnings };
}

/** The message as the callee reads it. */
export function written(pieces: readonly Piece[], code: Secret): string {
  return pieces.map((piece) => (piece.kind === 'code' ? code.reveal() : piece.text)).join('');
}

/**
 * The text without the `@` of lines like `@host #code`: phones offer the code of a message that ends so to that host alone, so a text that
 * holds what a stranger typed could hand it to the stranger's site. Every line is looked at, and with the code once more behind it: the text may
 * yet be cut anywhere, and the code put behind what is left. A code that has an `@` itself may be the first in its line: a dash goes before it.
 */
function unbound(text: string, alphabet: string): string {
  const code = alphabet.includes('#') ? '#0' : '0';
  const hosting = alphabet.includes('@') ? `@0${code}` : code;
  return text
    .split(LINE_END)
    .map((line) => {
      const worst = `${line.replaceAll(PLACEHOLDER, code)} ${code}`;
      const unhosted = isDomainBound(worst) ? line.replace(/^[\s@]+/, '') : line;
      const isHosted = CODE_FIRST.test(unhosted) && isDomainBound(unhosted.replaceAll(PLACEHOLDER, hosting));
      return isHosted ? `- ${unhosted}` : unhosted;
    })
    .join('');
}
