/** All of them but LF, CR, FF and TAB, which `encodeSms` leaves out: `DROPPED` in `SEPTETS`. */
const CONTROL = /[^\P{Cc}\t\n\f\r]/u;
const CONTROLS = new RegExp(CONTROL, 'gu');

/** Whether a text holds control characters that no message carries. */
export function holdsControls(text: string): boolean {
  return CONTROL.test(text);
}

/** The text as `encodeSms` would have it, for who tells of what is left out. */
export function withoutControls(text: string): string {
  return text.replace(CONTROLS, '');
}
