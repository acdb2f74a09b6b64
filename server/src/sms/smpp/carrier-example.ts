import { ManualClock } from '../../values/manual-clock.ts';
import type { CarrierReceipt, OutboundSms } from '../carrier.ts';
import { encodeSms } from '../encode.ts';
import type { SmppConfig } from './config.ts';
import { smppConfig } from './config-example.ts';
import type { SmppEvent } from './events.ts';
import { ScriptedSmsc } from './scripted-smsc.ts';
import { smppCarrier } from './smpp-carrier.ts';

const forever = new AbortController().signal;

/** For tests: a carrier and its SMSC. Waits between connections are as short as they may be. */
export function carrierWithSmsc(over: Partial<SmppConfig> = {}) {
  const clock = new ManualClock();
  const smsc = new ScriptedSmsc();
  const events: SmppEvent[] = [];
  const random = { bytes: (count: number) => new Uint8Array(count), below: () => 0 };
  const carrier = smppCarrier('acme', smppConfig({ window: 4, ...over }), {
    clock,
    random,
    dial: smsc.dial,
    events: (event) => events.push(event),
  });
  const receipts: CarrierReceipt[] = [];
  return {
    clock,
    smsc,
    carrier,
    events,
    receipts,
    takeReceipts() {
      carrier.onReceipts(async (more) => {
        receipts.push(...more);
      });
    },
    /** Resolves when the carrier's status is as wanted; it tells of every change. */
    until(wanted: () => boolean): Promise<void> {
      return new Promise((resolve) => {
        const look = () => {
          if (wanted()) resolve();
        };
        carrier.onFree(look);
        look();
      });
    },
    send: (text = 'Your code is 123456', signal = forever) => carrier.send(sms(text, clock.now()), signal),
  };
}

export function sms(text: string, now: number): OutboundSms {
  const base = { id: 'd1', accountId: 'a1', to: '+9779851023212', from: 'ACME', text, expiresAt: now + 300_000 };
  return { ...base, ...encodeSms(text, 9) };
}
