import type { OutboundSms } from '../sms/carrier.ts';
import { encodeSms } from '../sms/encode.ts';
import type { ClaimedDelivery } from '../store/store.ts';
import type { Random } from '../values/random.ts';
import type { Vault } from '../vault/vault.ts';
import type { SmsContent } from './content.ts';
import { openContent } from './open-content.ts';

/** The message of a delivery that another node accepted; null when its cells cannot be opened any more. */
export function restoreSms(
  delivery: ClaimedDelivery,
  { vault, random }: { readonly vault: Vault; readonly random: Random },
): OutboundSms | null {
  const opened = openContent<SmsContent>(delivery, vault);
  if (opened === null) return null;
  const { accountId, deliveryId, expiresAt } = delivery;
  const { text, from } = opened.content;
  const { encoding, parts } = encodeSms(text, random.below(256));
  return { id: deliveryId, accountId, to: opened.number.e164, from, text, encoding, parts, expiresAt };
}
