/** What XML 1.0 (§2.2) lets stand in a document, less the control characters that it discourages. */
const FORBIDDEN = /(?![\t\n\r])[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/u;
const FORBIDDEN_ALL = new RegExp(FORBIDDEN, 'gu');

/** Whether all of `text` may stand in XML. */
export function isXmlText(text: string): boolean {
  return !FORBIDDEN.test(text);
}

/**
 * Text that espeak-ng takes as text: it reads markup in all that it is given, plays local files for `<audio>`, and takes `[[…]]` for
 * phonemes. What cannot stand in XML becomes a space; NUL would end the text.
 */
export function escapeText(text: string): string {
  return text
    .replace(FORBIDDEN_ALL, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/\[(?=\[)/g, '[ ');
}
