/** A message as the sandbox phone shows it. */
export interface HandsetMessage {
  readonly id: string;
  readonly to: string;
  readonly from: string | null;
  readonly text: string;
  readonly segments: number;
  readonly encoding: 'gsm7' | 'ucs2';
  /** As it would stand in a submit_sm: 0 for GSM-7, 8 for UCS-2. */
  readonly dataCoding: 0 | 8;
  /** Each part's octets on the air, user data header included, as hex. */
  readonly parts: readonly string[];
  readonly receivedAt: number;
}
