/** One part of a message as it goes on the air. */
export interface SmsPart {
  /**
   * Unpacked GSM-7 septets (one in each octet, GSM 03.38 values) or UTF-16BE, without a header.
   * 160 / 153 septets, 140 / 134 octets at the most, for a single part / a part of several.
   */
  readonly payload: Uint8Array;
  /** 1 … total. */
  readonly index: number;
  readonly total: number;
  /** The concatenation reference, 0–255, the same in all parts of a message; 0 for a single part. */
  readonly reference: number;
}
