/** A text, and the code in it: `shown` as it stands there, `code` as it is typed in. */
export interface CodeInText {
  readonly before: string;
  readonly shown: string;
  readonly after: string;
  readonly code: string;
}
