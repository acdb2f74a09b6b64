/**
 * How receipts write the id that submit_sm_resp gave. `hex-to-dec`: the answer is hexadecimal, receipts are decimal (Vonage, in
 * its default account setting); `dec-to-hex`: the other way round. It cannot be guessed: an id of digits only is valid as either.
 */
export type ReceiptIdBase = 'same' | 'hex-to-dec' | 'dec-to-hex';

/** The canonical form of an answer's id: upper case, no leading zeros. SMSCs pad ids in receipts, and change their case. */
export function canonicalId(id: string): string {
  return id.toUpperCase().replace(/^0+(?=.)/, '');
}

/** The canonical form of a receipt's id, in the base of the answer's. An id that is no number in the receipts' base stays as it is. */
export function canonicalReceiptId(id: string, base: ReceiptIdBase): string {
  switch (base) {
    case 'same':
      return canonicalId(id);
    case 'hex-to-dec':
      return /^[0-9]+$/.test(id) ? BigInt(id).toString(16).toUpperCase() : canonicalId(id);
    case 'dec-to-hex':
      return /^[0-9a-f]+$/i.test(id) ? BigInt(`0x${id}`).toString() : canonicalId(id);
    default:
      return base satisfies never;
  }
}
