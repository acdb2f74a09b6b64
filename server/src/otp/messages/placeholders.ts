/** What may stand in a text between braces. */
export const PLACEHOLDERS = ['code', 'brand', 'minutes', 'amount', 'payee'] as const;
type Placeholder = (typeof PLACEHOLDERS)[number];

/** What stands in their place; null: there is nothing to put there. */
export type Values = Readonly<
  Record<Exclude<Placeholder, 'code' | 'minutes'>, string | null> & Record<'code' | 'minutes', string>
>;

const KNOWN = new RegExp(`\\{(${PLACEHOLDERS.join('|')})\\}`, 'g');

/**
 * The text with its values, in one pass: what stands in a value is never read as a placeholder, nor as a replacement pattern (`$&`).
 * Half of a surrogate pair becomes U+FFFD.
 */
export function filled(text: string, values: Values): string {
  return text.replace(KNOWN, (_, name: Placeholder) => values[name] ?? '').toWellFormed();
}

/** The placeholders that stand in a text, each once. */
export function placeholdersIn(text: string): ReadonlySet<Placeholder> {
  return new Set(Array.from(text.matchAll(KNOWN), ([, name]) => name as Placeholder));
}

/** The text in pieces: words, with their values, and places where the code stands. */
export function aroundCode(text: string, values: Values): readonly string[] {
  return text.split('{code}').map((piece) => filled(piece, values));
}

/** What looks like a placeholder and is none: it would be sent as it stands. Null where there is none. */
export function strangePlaceholder(text: string): string | null {
  for (const [whole, name = ''] of text.matchAll(/\{\s*([A-Za-z_]{1,32})\s*\}/g)) {
    if (!PLACEHOLDERS.some((known) => whole === `{${known}}`) && isMeant(name)) return whole;
  }
  return null;
}

/** Other systems' names for the code, and ours in other letters: the caller meant a placeholder. */
function isMeant(name: string): boolean {
  const small = name.toLowerCase();
  return small === 'otp' || small === 'pin' || small === 'token' || PLACEHOLDERS.some((known) => known === small);
}
