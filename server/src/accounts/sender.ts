/** What a handset shows as the sender, at most 11 characters (3GPP TS 23.040 §9.1.2.5), a letter among them. */
const ALPHANUMERIC = /^(?=.*[A-Za-z])[A-Za-z0-9._&+-](?:[A-Za-z0-9 ._&+-]{0,9}[A-Za-z0-9._&+-])?$/;
const E164 = /^\+[1-9][0-9]{6,14}$/;
const SHORT_CODE = /^[0-9]{3,8}$/;

/** Whether a text can stand as the sender of an SMS: alphanumeric, E.164 with `+`, or a short code. */
export function isSender(text: string): boolean {
  return ALPHANUMERIC.test(text) || E164.test(text) || SHORT_CODE.test(text);
}
