import { expect, test } from 'vitest';
import { silentLog } from '../observe/log.ts';
import { idSource } from '../values/id.ts';
import { ManualClock } from '../values/manual-clock.ts';
import { systemRandom } from '../values/random.ts';
import { glassVault } from './glass-vault.ts';
import { memoryHandsetStore } from './memory-handset-store.ts';
import { outboundSms } from './outbound-sms-example.ts';
import { openHandset } from './sandbox-handset.ts';

const forever = new AbortController().signal;

function phone() {
  const clock = new ManualClock();
  const store = memoryHandsetStore();
  const ids = idSource(clock, systemRandom());
  return { clock, store, handset: openHandset({ store, vault: glassVault, clock, ids, log: silentLog }) };
}

test('what is sent through the carrier is what the reader gets', async () => {
  const { handset } = phone();
  const waiting = handset.next('account-1', '+9779851023212', null, 30_000, forever);
  await handset.carrier.send(outboundSms('+9779851023212', { text: '482913' }), forever);
  const message = await waiting;
  expect(message?.text).toBe('482913');
  expect(await handset.messages('account-1', null, 10)).toEqual([message]);
});

test('closing ends every wait', async () => {
  const { handset } = phone();
  const waiting = handset.next('account-1', null, null, 30_000, forever);
  await handset.close();
  expect(await waiting).toBeNull();
  expect(handset.carrier.status().state).toBe('down');
});
