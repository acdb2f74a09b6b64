import type { CarrierReceipt, OutboundSms, PartResult } from '../../server/src/sms/carrier.ts';
import { encodeSms } from '../../server/src/sms/encode.ts';
import { parseSmppConfig } from '../../server/src/sms/smpp/config.ts';
import type { SmppEvent } from '../../server/src/sms/smpp/events.ts';
import { smppCarrier } from '../../server/src/sms/smpp/smpp-carrier.ts';
import { systemClock } from '../../server/src/values/clock.ts';
import { systemRandom } from '../../server/src/values/random.ts';

const forever = new AbortController().signal;
let reference = 0;

/** The carrier itself, on the system's clock, bound to an SMSC on `port`. */
export async function liveCarrier(port: number, settings: object = {}) {
  const parsed = parseSmppConfig({ host: '127.0.0.1', port, system_id: 'acme', password: 'hush', ...settings });
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults));
  const events: SmppEvent[] = [];
  const receipts: CarrierReceipt[] = [];
  const watchers = new Set<() => void>();
  const look = () => {
    for (const watch of watchers) watch();
  };
  const carrier = smppCarrier('acme', parsed.config, {
    clock: systemClock,
    random: systemRandom(),
    events: (event) => {
      events.push(event);
      look();
    },
  });
  carrier.onFree(look);
  carrier.onReceipts(async (more) => {
    receipts.push(...more);
    look();
  });

  /** Resolves once `wanted` is true; looked at whenever the carrier says anything. */
  function until(wanted: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const watch = () => {
        if (!wanted()) return;
        watchers.delete(watch);
        resolve();
      };
      watchers.add(watch);
      watch();
    });
  }

  await until(() => carrier.status().state === 'up');
  return {
    carrier,
    events,
    receipts,
    until,
    send: (text: string, over: Partial<OutboundSms> = {}): Promise<readonly PartResult[]> =>
      carrier.send(outboundSms(text, over), forever),
  };
}

export function outboundSms(text: string, over: Partial<OutboundSms> = {}): OutboundSms {
  reference += 1;
  const base = { id: 'd', accountId: 'a', to: '+9779851023212', from: 'ACME', expiresAt: Date.now() + 300_000 };
  return { ...base, text, ...encodeSms(text, reference & 0xff), ...over };
}
