import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRig, type Rig } from '../accounts/rig.ts';
import { housekeeping } from '../delivery/housekeeping.ts';
import { silentLog } from '../observe/log.ts';
import type { AcceptRequest } from '../rules/accept.ts';
import { chainWalk } from '../rules/audit-chain.ts';
import { failureSubjects, numberSubject } from '../rules/subjects.ts';
import { outcome, request, startOf } from '../store/contract/samples.ts';
import { Secret } from '../values/secret.ts';
import { PERIODS } from './periods.ts';

/** The whole schedule, by the chores that keep it, on a clock that is moved: what is left after each of its terms. */

const DAY = 86_400_000;
const E164 = '+9779851023212';
const CALLER = '+97714000000';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

/** One send as the service makes it: number, code and text sealed, and known by digests. */
function sealedRequest(accountId: string, over: Partial<AcceptRequest> = {}): AcceptRequest {
  const { vault, ids, clock } = rig;
  const otpId = over.otpId ?? ids();
  const now = clock.now();
  const numberDigest = vault.numberDigest(accountId, E164);
  return request(accountId, {
    ...{
      otpId,
      deliveryId: ids(),
      createdAt: now,
      expiresAt: now + 300_000,
      keepContentUntil: now + DAY,
      numberDigest,
    },
    numberSealed: vault.seal({ account: accountId, row: otpId, column: 'number' }, E164),
    contentSealed: vault.seal({ account: accountId, row: otpId, column: 'content' }, 'Your code is 123456'),
    codeDigest: vault.codeDigest(accountId, otpId, numberDigest, new Secret('123456')),
    limits: [{ name: 'number', subject: numberSubject(numberDigest), rules: [{ count: 9, periodMs: DAY }] }],
    ...over,
  });
}

it('keeps each thing for its time, and then no longer', async () => {
  const { store, clock, ids, vault } = rig;
  const { account } = await rig.account({ smsCredits: 100, voiceCredits: 100 });
  const { id } = account;
  const chores = housekeeping({ store, clock, ids, log: silentLog });
  const start = startOf({
    callbackSealed: 'sealed-place',
    metadata: '{"order":"what-was-ordered"}',
    ipDigest: 'address-digest',
  });
  const call = { caller: CALLER, anonymous: false, instructionId: 'theirs', spokenMs: 9_000, callbackSealed: null };
  const voice = { channel: 'voice', pool: 'voice', segments: 0, call: { ...call, warnings: [] } } as const;
  const sends = [
    sealedRequest(id),
    sealedRequest(id, { dialect: 'native', verification: start }),
    sealedRequest(id, voice),
  ];
  await store.accept(sends, 'me', clock.now());
  const [, verification] = sends;
  clock.leap(60_000);
  const again = { ...sealedRequest(id, { ...verification, deliveryId: ids() }), contentSealed: 'its-own-content' };
  await store.accept([{ ...again, verification: { kind: 'resend', step: 0, failures: [] } }], 'me', clock.now());
  const failures = failureSubjects(again.numberDigest).map((subject) => ({ subject, most: 20 }));
  const wrong = { kind: 'check', accountId: id, id: again.otpId, right: false, failures, replay: null } as const;
  await store.verify([wrong, { ...wrong, right: true }], 'me', clock.now());
  for (const one of [...sends, again]) {
    const next = { kind: 'final', state: 'sent', reason: null } as const;
    await store.settle([{ ...outcome(one, 'me', [ids()], next), at: clock.now() }], [], 'me', clock.now());
  }
  await rig.audit({
    ...{ actor: 'cli', requestId: null, action: 'account.change', objectType: 'account', objectId: id, accountId: id },
  });
  const balances = await store.credits.balances(id);
  const codes = [...sends.flatMap((one) => [one.contentSealed, one.codeDigest]), 'its-own-content'];
  const numbers = [
    ...[vault.numberDigest(id, E164), CALLER, 'sealed-place', 'what-was-ordered', 'theirs', 'address-digest'],
    ...sends.map((one) => one.numberSealed),
  ];
  const left = (texts: readonly (string | null)[]) => {
    const dump = dumpOf(rig);
    return texts.filter((text) => text !== null && dump.includes(text));
  };

  await chores.round();
  // The digest of an approved code went with its approval.
  expect(left(codes)).toEqual(codes.filter((text) => text !== verification?.codeDigest));
  expect(left(numbers)).toEqual(numbers);

  clock.leap(DAY);
  await chores.round();
  expect(left(codes)).toEqual([]);
  expect(left(numbers)).toEqual(numbers);

  // To the moment before the first of them is 30 days old.
  clock.leap(PERIODS.numbers - DAY - 60_001);
  await chores.round();
  expect(left(numbers)).toEqual(numbers);
  clock.leap(5 * 60_000 + 1);
  await chores.round();
  expect(left(numbers)).toEqual([]);
  expect(await store.otps.count(id, {})).toBe(3);
  expect((await store.credits.list(id, 100, null)).length).toBe(10);

  clock.leap(PERIODS.ledger - PERIODS.numbers);
  await chores.round();
  expect((await store.credits.list(id, 100, null)).length).toBe(10);
  clock.leap(DAY);
  await chores.round();
  const entries = await store.credits.list(id, 100, null);
  expect(entries.map(({ kind, pool, amount }) => `${pool} ${kind} ${amount}`)).toEqual([
    ...['voice hold 1', 'voice capture 1', 'voice grant 100'],
    ...['sms hold 3', 'sms capture 3', 'sms grant 100'],
  ]);
  expect(await store.credits.balances(id)).toEqual(balances);
  const rows = await store.audit.walk(0, 100);
  expect(rows.map(({ action }) => action)).toEqual(['ledger.fold', 'audit.trim']);
  const walk = chainWalk();
  expect(walk.next(rows) ?? walk.end(await store.audit.head())).toBeNull();
});

/** Every cell of every table, as text. */
function dumpOf({ file }: Rig): string {
  const db = new DatabaseSync(file, { readOnly: true });
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all() as { name: string }[];
  const dump = tables.map(({ name }) => JSON.stringify(db.prepare(`SELECT * FROM "${name}"`).all())).join('\n');
  db.close();
  return dump;
}
