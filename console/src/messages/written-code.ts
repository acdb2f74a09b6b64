import type { CodeInText } from '../phone/code-in-text.ts';

// Digits of a number, a time, an amount or a word are no code: nothing that joins them to more may stand beside them.
const CODE = /(?<![\p{L}\p{N}+#@.,:/-])\d{4,10}(?![\p{L}\p{N}@:/-]|[.,]\d)/u;

/** Where the one-time code most likely stands in a message; null when nothing looks like one. */
export function writtenCode(text: string): CodeInText | null {
  const found = CODE.exec(text);
  if (found === null) return null;
  const [code] = found;
  return { before: text.slice(0, found.index), shown: code, after: text.slice(found.index + code.length), code };
}
