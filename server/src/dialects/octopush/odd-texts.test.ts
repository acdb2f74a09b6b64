import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Became, ignored, matching, type OddRequests, openOddRequests } from './odd-requests-rig.ts';

/**
 * What becomes of odd texts: the code is in every one of them. A row is what was sent besides the number, what became of it (● for the code),
 * and what the record's warnings say.
 */

let odd: OddRequests;
beforeAll(async () => {
  odd = await openOddRequests();
});
afterAll(() => odd.api.close());
const becomes = (asked: object | string, became: Became) => odd.becomes(asked, became);

describe('a text', () => {
  test.each<[unknown, Became]>([
    ['Your verification code: ', { text: 'Your verification code: ●' }],
    ['Your code is', { text: 'Your code is ●' }],
    ['{code} is your code, not {otp}', { text: '● is your code, not {otp}' }],
    ['{code}{code}', { text: '●●' }],
    ['{ Code } is it', { text: '● is it', warnings: [/another spelling/] }],
    ['{{code}}', { text: '{●}' }],
    ["$& {code} $' $$", { text: "$& ● $' $$" }],
    ['   ', { text: '●' }],
    [null, { text: '●' }],
    [-(2 ** 53), { text: '●', warnings: [/^text is a number too long to be read exactly .*: it was ignored\.$/] }],
    [2026, { text: '2026 ●', warnings: [/was not a text/] }],
    [true, { text: '●', warnings: [ignored('text')] }],
    [false, { text: '●' }],
    [['a'], { text: '●', warnings: [ignored('text')] }],
    [{ $ne: null }, { text: '●', warnings: [ignored('text')] }],
    ['NUL \0 ESC \x1b[2J {code}', { text: 'NUL  ESC [2J ●', warnings: [/were removed/] }],
    ['half \ud800 {code}', { text: 'half  ●', warnings: [/were removed/] }],
    ['\ud83d\0\ude00 {code}', { text: ' ●', warnings: [/were removed/] }],
    ['“Votre code” — {code}…', { text: '"Votre code" - ●...', warnings: [/plain ones were written/] }],
    ['कोड “{code}”', { text: 'कोड “●”' }],
    ['Acme\n@evil.com #{code}', { text: 'Acme\nevil.com #●', warnings: [/bind the code to a site/] }],
    ['@evil.com #{code}\nand more', { text: 'evil.com #●\nand more', warnings: [/bind the code to a site/] }],
    ['Acme\n@evil.com #', { text: 'Acme\n@evil.com # ●' }],
    ['Acme\n@@evil.com #x', { text: 'Acme\nevil.com #x ●', warnings: [/bind the code to a site/] }],
    ['<script>{code}</script>', { text: '<script>●</script>' }],
  ])('%j', (text, became) => becomes({ text }, became));

  test.each<[string, string, number, RegExp[]]>([
    ['that fills it with a code of six', 'x'.repeat(1217), 1224, []],
    ['of one more', 'x'.repeat(1218), 1224, [/it was cut/]],
    ['of 60 KB', 'x'.repeat(60_000), 1224, [/it was cut/]],
    ['with a code at its end', `${'x'.repeat(2_000)}{code}`, 1224, [/it was cut/]],
    ['with a code at its start', `{code}${'x'.repeat(2_000)}`, 1224, [/it was cut/]],
    ['with nothing but codes', '{code}'.repeat(500), 1224, [/it was cut/]],
    ['in UCS-2, of ten parts', 'ने'.repeat(600), 670, [/it was cut/]],
    ['of characters that cost two septets', '€'.repeat(1_000), 763 + 7, [/it was cut/]],
  ])('%s', async (_, text, most, warnings) => {
    const start = await odd.send({ text });
    const sent = start.messages.sms?.text ?? '';
    expect(sent).toContain(start.code.reveal());
    expect(sent.length).toBeLessThanOrEqual(most);
    expect(sent.length).toBeGreaterThan(most - 8);
    expect(start.warnings).toEqual(matching(warnings));
  });

  test.each<[unknown, string, RegExp[]]>([
    [true, '"●"', [/plain ones/]],
    [undefined, '"●"', [/plain ones/]],
    ['no', '“●”', [/^auto_optimize_text was read as false\.$/]],
    [false, '“●”', []],
    ['perhaps', '"●"', [/^auto_optimize_text is/, /plain ones/]],
  ])('with auto_optimize_text %j', (auto_optimize_text, text, warnings) =>
    becomes({ text: '“{code}”', auto_optimize_text }, { text, warnings }),
  );

  test.each(['{hh:mm:ss}', '{HH:MM:SS}'])('says with %s when the code dies, where the account is', async (time) => {
    const start = await odd.send({ text: `{code} until ${time}`, validity_period: 90 });
    const dies = new Date(odd.api.clock.now() + 90_000 + (5 * 60 + 45) * 60_000).toISOString().slice(11, 19);
    expect(start.messages.sms?.text).toBe(`${start.code.reveal()} until ${dies}`);
  });
});
