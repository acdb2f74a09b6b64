/** Texts may be anything that a user typed; numbers and times are the service's own. Null is an empty cell. */
export type CsvCell = string | number | boolean | null;

/**
 * What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection"; ASVS 1.2.10), also in its full-width form and behind
 * a line break; and the apostrophe itself, so that what took one can be told from what had one.
 */
const ESCAPED = /^['=+\-@\t\r\n＝＋－＠]/;
/** RFC 4180 §2.6 and §2.7. */
const NEEDS_QUOTES = /[",\r\n]/;

/**
 * One line of CSV (RFC 4180), with its line break. A text that a spreadsheet might run as a formula gets an apostrophe before it, and so does
 * one that begins with an apostrophe. That is so for phone numbers too, which begin with a plus: one rule for all texts, that a program undoes
 * by taking one leading apostrophe away, and spreadsheets keep the digits as they are. Numbers, such as a grant of -500, are no texts.
 */
export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(cell: CsvCell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const safe = ESCAPED.test(cell) ? `'${cell}` : cell;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
