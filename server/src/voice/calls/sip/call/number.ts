/**
 * Whether it is a number in E.164 with `+`. Asked again where a number goes into a header, whoever asked before: nothing that a
 * user typed may start another header, parameter or URI.
 */
export function isE164(text: string): boolean {
  return /^\+[1-9][0-9]{4,14}$/.test(text);
}
