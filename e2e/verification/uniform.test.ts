import { afterAll, beforeAll, expect, it } from 'vitest';
import { alphabets } from '../../server/src/otp/code.ts';
import { CHANCE, tails } from '../../server/src/otp/uniformity.ts';
import { balance, numberFor, openAccount, type TestAccount } from '../service/api.ts';
import { eventually } from '../service/eventually.ts';
import { inboxOf } from '../service/inbox.ts';
import { type Service, startService } from '../service/service.ts';
import { started } from '../service/verification.ts';

/** Codes as they arrive on the phone: each position uniform, the length as asked, leading zeros and all. */

const CODES = 2_000;
const AT_ONCE = 50;

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

it.each([
  ['digits', 6],
  ['alphanumeric', 10],
] as const)(`${CODES} codes of %s arrive uniform in each position`, async (alphabet, length) => {
  const admin = service.ready.admin_token ?? '';
  const account: TestAccount = await openAccount(service.url, admin, { credits: CODES });
  const caller = { url: service.url, key: account.test };
  for (let i = 0; i < CODES; i += AT_ONCE) {
    const numbers = Array.from({ length: AT_ONCE }, (_, j) => numberFor(i + j));
    const body = { alphabet, code_length: length, text: '{code}' };
    await Promise.all(numbers.map((to) => started(caller, { to, ...body })));
  }
  await eventually(
    () => balance(service.url, account.test),
    ({ held }) => held === 0,
    30_000,
  );
  const codes = (await inboxOf(service.url, account.test)).map(({ text }) => text);
  expect(codes).toHaveLength(CODES);
  const shape = new RegExp(`^[${alphabets[alphabet]}]{${length}}$`);
  for (const code of codes) expect(code).toMatch(shape);
  const { positions, whole } = tails(codes, alphabets[alphabet]);
  for (const tail of [...positions, whole]) expect(tail).toBeGreaterThan(CHANCE);
  // Six digits repeat now and then; ten characters of 31 do not.
  expect(new Set(codes).size).toBeGreaterThan(CODES * 0.99);
});
