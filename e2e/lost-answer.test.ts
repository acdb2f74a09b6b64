import { afterAll, describe, expect, it } from 'vitest';
import { startLossyCommit } from './peers/lossy-commit.ts';
import { need } from './peers/need.ts';
import { startPostgres } from './peers/postgres.ts';
import { balance, numberFor, openAccount } from './service/api.ts';
import { startCallbackReceiver } from './service/callback-receiver.ts';
import { eventually } from './service/eventually.ts';
import { checkLedger } from './service/ledger.ts';
import { startService } from './service/service.ts';
import { CODE, check, isReplay, nextMessage, show, start, started } from './service/verification.ts';

/** The connection breaks between a COMMIT and its answer: what was done stands as the node's, and the node has not heard of it. */

const undo: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const step of undo.toReversed()) await step();
});

async function open() {
  const postgres = await startPostgres();
  undo.push(() => postgres.stop());
  const road = await startLossyCommit(postgres.url);
  undo.push(() => road.stop());
  const receiver = await startCallbackReceiver();
  undo.push(() => receiver.stop());
  const env = { PASSBELL_CALLBACK_ALLOW: '127.0.0.0/8' };
  const service = await startService({ databaseUrl: road.url, env });
  undo.push(() => service.stop());
  const settings = { callback_url: receiver.url };
  const account = await openAccount(service.url, service.ready.admin_token ?? '', { credits: 100, settings });
  /** Resolves once the receiver is told this of a verification or a message. */
  const told = (type: string, id: string) =>
    receiver.next(({ body }) => body['type'] === type && (body['data'] as { id: string }).id === id);
  return { road, service, told, caller: { url: service.url, key: account.test } };
}

describe.runIf(need('postgresql'))('a node whose store does not answer', () => {
  it('takes over what it holds without knowing: a code, how a message ended, and how a verification did', async () => {
    const { road, service, told, caller } = await open();
    const verified = await started(caller, { to: numberFor(1) });
    expect(await nextMessage(caller, numberFor(1))).not.toBeNull();
    await told('message.delivered', verified.deliveries[0]?.id ?? '');

    const accept = road.loseAnswerAfter(/accept inserts/);
    expect((await start(caller, { to: numberFor(2) }, 'once')).status).toBe(503);
    await accept;
    const code = await start(caller, { to: numberFor(2) }, 'once');
    expect([code.status, isReplay(code)]).toEqual([201, true]);

    const approve = road.loseAnswerAfter(/verify save/);
    expect((await check(caller, verified.id, CODE)).status).toBe(503);
    await approve;
    expect((await show(caller, verified.id)).status).toBe('approved');

    const settle = road.loseAnswerAfter(/settle save.*save callbacks/s);
    const message = await started(caller, { to: numberFor(3) });
    await settle;

    expect((await show(caller, code.body.id)).deliveries).toMatchObject([{ state: 'queued' }]);
    expect(await nextMessage(caller, numberFor(2))).not.toBeNull();
    await told('message.delivered', code.body.deliveries[0]?.id ?? '');
    await told('message.delivered', message.deliveries[0]?.id ?? '');
    await told('verification.approved', verified.id);
    expect(service.log()).toContain('strays_let_go');
    await eventually(
      () => balance(caller.url, caller.key),
      ({ held }) => held === 0,
    );
    expect(await balance(caller.url, caller.key)).toMatchObject({ captured: 3 });
    await checkLedger(caller.url, caller.key, 'sms');
  });
});
