import { expect, it } from 'vitest';
import { startCountingSmsc } from '../peers/counting-smsc.ts';
import { freePort } from '../peers/free-port.ts';
import { addCarrier, balance, numberFor } from '../service/api.ts';
import { eventually } from '../service/eventually.ts';
import { checkLedger } from '../service/ledger.ts';
import { CODE, cancel, check, nextCall, show, started } from '../service/verification.ts';
import { onEachStore } from './on-each-store.ts';

/** What waits for a carrier is not sent any more once its code is checked no more; also when the node that it waited at dies. */
onEachStore(2, (at) => {
  it('a message is taken back, and its credit too, when its verification ends before a carrier has it', async () => {
    const port = await freePort();
    await addCarrier(at().url(), at().admin, 'late', { port, binds: 1, window: 10 });
    const { live: key } = await at().account();
    const first = { url: at().url(0), key };
    // Where there is one, another node is told of the end.
    const other = { url: at().url(1), key };
    const begin = (i: number) => started(first, { to: numberFor(i), ttl: 600 });
    const [wanted, canceled, approved, orphaned] = [await begin(0), await begin(1), await begin(2), await begin(3)];
    const stateOf = ({ id }: { id: string }) => show(other, id).then(({ deliveries: [one] }) => one);
    const over = { state: 'expired', reason: 'code_expired' };

    await cancel(other, canceled.id);
    expect((await check(other, approved.id, CODE)).body.status).toBe('approved');
    for (const one of [canceled, approved]) {
      await eventually(
        () => stateOf(one),
        (delivery) => delivery?.state !== 'queued',
      );
      expect(await stateOf(one)).toMatchObject(over);
    }
    expect(await balance(other.url, key)).toMatchObject({ held: 2, captured: 0 });

    // The end, and the end of the node before it looks again.
    await cancel(other, orphaned.id);
    await at().kill9(0);
    await at().revive(0);
    const smsc = await startCountingSmsc(port);
    const last = { url: at().url(0), key };
    await eventually(
      () => show(last, wanted.id),
      ({ deliveries: [one] }) => one?.state === 'delivered',
      30_000,
    );
    await eventually(
      () => show(last, orphaned.id),
      ({ deliveries: [one] }) => one?.state !== 'queued',
    );
    expect((await show(last, orphaned.id)).deliveries).toMatchObject([over]);
    expect([...smsc.byNumber().keys()]).toEqual([`977${numberFor(0)}`]);
    await eventually(
      () => balance(last.url, key),
      ({ held }) => held === 0,
    );
    expect(await balance(last.url, key)).toMatchObject({ captured: 1 });
    await checkLedger(last.url, key, 'sms');
    await smsc.close();
  });

  it('a phone stops ringing when its verification ends, and the call costs nothing', async () => {
    const { test: key } = await at().account(10);
    // The node that was not killed, where there is one.
    const caller = { url: at().url(at().nodes.length - 1), key };
    const to = numberFor(9);
    const { id } = await started(caller, { to, channel: 'voice' });
    expect(await nextCall(caller, to)).toMatchObject({ state: 'ringing' });
    await cancel({ ...caller, url: at().url(0) }, id);
    const { deliveries } = await eventually(
      () => show(caller, id),
      ({ deliveries: [one] }) => one?.state !== 'queued',
    );
    expect(deliveries).toMatchObject([{ channel: 'voice', state: 'expired', reason: 'code_expired' }]);
    expect(await balance(caller.url, key, 'voice')).toMatchObject({ held: 0, captured: 0 });
  });
});
