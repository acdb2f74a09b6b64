import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NUMBER, servedVerifications } from './rig.ts';

type Served = Awaited<ReturnType<typeof servedVerifications>>;
let served: Served;
let caller: Awaited<ReturnType<Served['caller']>>;
beforeAll(async () => {
  served = await servedVerifications();
  caller = await served.caller();
  const row = { accountId: caller.account.id, name: 'login', spoken: {}, updatedAt: 0 };
  await served.rig.store.templates.put({ ...row, texts: { en: '{code} by {brand}', ne: '{code} for {brand}' } }, 10);
});
afterAll(() => served.close());

async function fieldsOf(over: Readonly<Record<string, unknown>>): Promise<readonly string[]> {
  const { status, body } = await caller.post('', { to: NUMBER, ...over });
  expect(status).toBe(422);
  return body.errors.map(({ field }: { readonly field: string }) => field).sort();
}

const LONG = '{code}'.repeat(260);
/** Greek words have no room for this brand beside an app's hash. */
const SHORT = { locale: 'el-GR', brand: 'ж'.repeat(40), autofill: { android_hash: 'FA+9qCX9VSu' } };
const AT_400 = [{ channel: 'sms' }, { channel: 'voice', wait: 400 }];

describe('a fault', () => {
  it.each<[string, Readonly<Record<string, unknown>>, readonly string[]]>([
    ['an amount that is no text, of its payee', { amount: 5, payee: 'P' }, ['amount']],
    ['a payee that is no text, of its amount', { amount: '5', payee: 5 }, ['payee']],
    ['a brand that is no text, of the words', { text: '{code} {brand}', brand: 5 }, ['brand']],
    ['a ttl, of the steps', { ttl: 100_000, workflow: AT_400 }, ['ttl']],
    ['a number, of the template’s language', { to: 'x', template: 'login' }, ['to']],
    ['a number that is missing, of it', { to: undefined, template: 'login' }, ['to']],
    ['a locale, of it', { locale: 'xx', template: 'login' }, ['locale']],
    ['a voice, of it', { voice: { language: 5 }, template: 'login' }, ['voice.language']],
    ['a code, of the length of the text', { code: 5, text: LONG }, ['code']],
    ['a template that there is not, of the built-in words', { ...SHORT, template: 'none' }, ['template']],
  ])('of %s, is not told a second time', async (_, over, fields) => {
    expect(await fieldsOf(over)).toEqual(fields);
  });

  it('is told one for a field', async () => {
    expect(await fieldsOf({ template: 'none', text: '{code}' })).toEqual(['template']);
    expect(await fieldsOf({ amount: '5', text: '{code} {amount} {payee}' })).toEqual(['payee']);
    expect(await fieldsOf({ amount: '5', payee: 'P', text: '{code}' })).toEqual(['text']);
    expect(await fieldsOf({ autofill: { domain: 'a.example', android_hash: 'x' } })).toEqual(['autofill.android_hash']);
  });

  it('does not hide those that do not rest on it', async () => {
    const over = { ttl: 1, sender: 'Nobody', brand: ' ', workflow: AT_400, ip: 'x' };
    expect(await fieldsOf(over)).toEqual(['brand', 'ip', 'sender', 'ttl']);
    expect(await fieldsOf({ ttl: 1, text: '{code} for {brand}' })).toEqual(['brand', 'ttl']);
    expect(await fieldsOf({ to: 'x', text: 'none' })).toEqual(['text', 'to']);
    expect(await fieldsOf({ ttl: 1, workflow: [{ channel: 'sms', wait: 9 }] })).toEqual(['ttl', 'workflow.0.wait']);
  });
});
