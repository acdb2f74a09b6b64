import type { Line } from './script.ts';

/** A text as it is spoken: nothing where there is no word in it, for a full stop behind the code would be silence. */
export function spokenLines(text: string): Line[] {
  return /[\p{L}\p{N}]/u.test(text) ? [{ kind: 'text', text: text.trim() }] : [];
}

/** Texts with the code spelt out between them. */
export function spelledBetween(texts: readonly string[]): Line[] {
  return texts.flatMap((text, place): Line[] => {
    return place === 0 ? spokenLines(text) : [{ kind: 'code', from: 'speech' }, ...spokenLines(text)];
  });
}
