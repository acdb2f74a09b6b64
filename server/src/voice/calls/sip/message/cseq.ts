export interface CSeq {
  /** 0 … 2^32 − 1: RFC 3261 §8.1.1.5 wants less than 2^31, not all keep to it. */
  readonly number: number;
  readonly method: string;
}

export function parseCSeq(value: string): CSeq | null {
  const found = /^0*(\d{1,10})[ \t]+(\S+)$/.exec(value);
  const number = Number(found?.[1]);
  return found !== null && number <= 0xffff_ffff ? { number, method: found[2] ?? '' } : null;
}
