import type { OutboundSms } from '../sms/carrier.ts';

/** A message of one GSM-7 part to `to`, for tests. */
export function outboundSms(to: string, over: Partial<OutboundSms> = {}): OutboundSms {
  return {
    id: 'delivery-1',
    accountId: 'account-1',
    to,
    from: 'ACME',
    text: 'Hi',
    encoding: 'gsm7',
    parts: [{ payload: Uint8Array.of(0x48, 0x69), index: 1, total: 1, reference: 0 }],
    expiresAt: Date.UTC(2026, 0, 31, 10, 5, 0),
    ...over,
  };
}
