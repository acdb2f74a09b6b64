// C0 and C1 controls, and the marks that turn the direction of text around (Unicode UAX #9).
const UNSEEN = /[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;
const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * A text that cannot steer the terminal: names and messages come from others, and an escape sequence in one could hide or rewrite
 * lines on the operator's screen. Each control character is written out, as `\n` or `\u{1B}`.
 */
export function visible(text: string): string {
  return text.replaceAll(
    UNSEEN,
    (mark) => NAMED[mark] ?? `\\u{${(mark.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`,
  );
}
