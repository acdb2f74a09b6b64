/** RFC 3261 §25.1, `token`. */
export const TOKEN = /^[A-Za-z0-9\-.!%*_+`'~]+$/;

/** A quoted string from `at`, which is a `"`. @returns the index behind its closing quote; −1: it has none. */
export function quotedEnd(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    const char = text[i];
    if (char === '\\') i += 1;
    else if (char === '"') return i + 1;
  }
  return -1;
}

/** What a quoted string, quotes included, says. */
export function unquoted(text: string): string {
  return text.slice(1, -1).replace(/\\([\s\S])/g, '$1');
}

/** `text` as a quoted string. */
export function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** The elements of a comma list (RFC 3261 §7.3.1), trimmed; commas in quotes and in `<…>` are not between elements. Null: a quote or `<` is left open. */
export function commaList(value: string): string[] | null {
  if (!value.includes(',')) return [value];
  const elements: string[] = [];
  let from = 0;
  for (let at = 0; at < value.length; ) {
    const char = value[at];
    if (char === '"') at = quotedEnd(value, at);
    else if (char === '<') at = value.indexOf('>', at) + 1 || -1;
    else {
      if (char === ',') {
        elements.push(value.slice(from, at).trim());
        from = at + 1;
      }
      at += 1;
    }
    if (at < 0) return null;
  }
  elements.push(value.slice(from).trim());
  return elements;
}
