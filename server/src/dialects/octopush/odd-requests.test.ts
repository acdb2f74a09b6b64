import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Became, ignored, matching, type OddRequests, openOddRequests } from './odd-requests-rig.ts';
import { NUMBER } from './rig.ts';

/**
 * What becomes of requests that are not as the reference has them: the vendor promises that all of these are sent. A row is what was sent
 * besides the number, what became of it, and what the record's warnings say.
 */

let odd: OddRequests;
beforeAll(async () => {
  odd = await openOddRequests();
});
afterAll(() => odd.api.close());
const becomes = (asked: object | string, became: Became) => odd.becomes(asked, became);

describe('a length', () => {
  test.each<[unknown, Became]>([
    [4, { length: 4 }],
    [32, { length: 32 }],
    ['6', { length: 6, warnings: [/was a text/] }],
    [' 8 ', { length: 8, warnings: [/was a text/] }],
    [6.7, { length: 6, warnings: [/had a fraction/] }],
    ['6.7', { length: 6, warnings: [/was a text/, /had a fraction/] }],
    [99, { length: 32, warnings: [/^code_length was above 32: 32 was taken\.$/] }],
    [2, { length: 4, warnings: [/^code_length was below 4: 4 was taken\.$/] }],
    [3, { length: 4, warnings: [/below 4/] }],
    [0, { length: 4, warnings: [/below 4/] }],
    [-1, { length: 4, warnings: [/below 4/] }],
    [1e9, { length: 32, warnings: [/above 32/] }],
    ['1e1', { length: 10, warnings: [/was a text/] }],
    ['6abc', { length: 6, warnings: [ignored('code_length')] }],
    ['six', { length: 6, warnings: [ignored('code_length')] }],
    ['٨', { length: 6, warnings: [ignored('code_length')] }],
    ['0x8', { length: 6, warnings: [ignored('code_length')] }],
    [true, { length: 6, warnings: [ignored('code_length')] }],
    [[8], { length: 6, warnings: [ignored('code_length')] }],
    [{ $gt: 8 }, { length: 6, warnings: [ignored('code_length')] }],
    [null, { length: 6 }],
    ['', { length: 6 }],
    ['  ', { length: 6 }],
    [false, { length: 6 }],
  ])('of %j', (code_length, became) => becomes({ code_length }, became));

  test('that JSON can write and no number can hold', () =>
    becomes(`{"phone_number":"${NUMBER}","code_length":1e999}`, { length: 32, warnings: [/above 32/] }));
});

describe('an alphabet', () => {
  const no = { allow_digits: false };
  test.each<[object, RegExp, number?]>([
    [no, /^[0-9]{6}$/],
    [{ ...no, allow_upper_case: true }, /^[A-Z]{6}$/],
    [{ ...no, allow_lower_case: true }, /^[a-z]{6}$/],
    [{ ...no, allow_special_chars: true }, /^[!#$%&?@]{6}$/],
    [{ ...no, allow_upper_case: true, allow_lower_case: true }, /^[A-Za-z]{6}$/],
    [{ remove_confusing_characters: true }, /^[2-9]{6}$/],
    [{ ...no, allow_special_chars: true, remove_confusing_characters: true }, /^[#$%&?@]{6}$/],
    [{ ...no, remove_confusing_characters: true }, /^[2-9]{6}$/],
    [{ ...no, allow_upper_case: 'true' }, /^[A-Z]{6}$/, 1],
    [{ ...no, allow_upper_case: 'YES' }, /^[A-Z]{6}$/, 1],
    [{ ...no, allow_upper_case: 1 }, /^[A-Z]{6}$/, 1],
    [{ allow_digits: 0, allow_upper_case: '1' }, /^[A-Z]{6}$/, 2],
    [{ allow_digits: 'no', allow_lower_case: 'on' }, /^[a-z]{6}$/, 2],
    [{ allow_digits: 'off' }, /^[0-9]{6}$/, 1],
    [{ allow_digits: 'perhaps' }, /^[0-9]{6}$/, 1],
    [{ allow_digits: null, allow_upper_case: '' }, /^[0-9]{6}$/],
    [{ allow_digits: '  ', allow_upper_case: '\t' }, /^[0-9]{6}$/],
    [{ allow_digits: false, allow_upper_case: 2 }, /^[A-Z]{6}$/, 1],
    [{ allow_digits: '0.0', allow_upper_case: '2' }, /^[A-Z]{6}$/, 2],
    [{ allow_digits: ' 0 ', allow_upper_case: '1.0' }, /^[A-Z]{6}$/, 2],
    [{ allow_digits: '-0', allow_upper_case: '-1' }, /^[A-Z]{6}$/, 2],
    [{ allow_digits: '0x0', allow_upper_case: '1st' }, /^[0-9]{6}$/, 2],
    [{ allow_upper_case: [true] }, /^[0-9]{6}$/, 1],
    [{ allow_upper_case: {} }, /^[0-9]{6}$/, 1],
  ])('of %j', (asked, code, warned = 0) =>
    becomes(asked, { code, warnings: Array.from({ length: warned }, () => /^(allow|remove)_/) }),
  );
});

describe('a life', () => {
  test.each<[string, unknown, Became]>([
    ['validity_period', 3, { seconds: 3 }],
    ['validity_period', 10_000_000, { seconds: 10_000_000 }],
    ['validity_period', '300', { seconds: 300, warnings: [/was a text/] }],
    ['validity_period', 2, { seconds: 3, warnings: [/below 3/] }],
    ['validity_period', 1e12, { seconds: 10_000_000, warnings: [/above 10000000/] }],
    ['validity_period', 'soon', { warnings: [ignored('validity_period')] }],
    ['max_wrong_attempts', '3', { attempts: 3, warnings: [/was a text/] }],
    ['max_wrong_attempts', 0, { attempts: 1, warnings: [/below 1/] }],
    ['max_wrong_attempts', 101, { attempts: 100, warnings: [/above 100/] }],
    ['max_wrong_attempts', '-2.5', { attempts: 1, warnings: [/text/, /fraction/, /below 1/] }],
    ['recipient_ip', '192.0.2.7', { ip: '192.0.2.7' }],
    ['recipient_ip', ' 2001:db8::7 ', { ip: '2001:db8::7' }],
    ['recipient_ip', '192.0.2.300', { warnings: [ignored('recipient_ip')] }],
    ...['192.0.2.7:5555', '192.0.2.7, 192.0.2.8', '192.0.2.7,unknown', ['192.0.2.7'], '[192.0.2.7]:80'].map(
      (given): [string, unknown, Became] => [
        'recipient_ip',
        given,
        { ip: '192.0.2.7', warnings: [/more than an address/] },
      ],
    ),
    ...['[2001:db8::7]', '[2001:db8::7]:443', '2001:db8::7%eth0', '[2001:db8::7%25eth0]:443, 192.0.2.8'].map(
      (given): [string, unknown, Became] => [
        'recipient_ip',
        given,
        { ip: '2001:db8::7', warnings: [/^recipient_ip held more than an address: the first one was taken\.$/] },
      ],
    ),
    ['recipient_ip', 'unknown, 192.0.2.7', { warnings: [ignored('recipient_ip')] }],
    ['recipient_ip', ['192.0.2.7', '192.0.2.8'], { warnings: [ignored('recipient_ip')] }],
    ...['', '  ', null, false].map((given): [string, unknown, Became] => ['recipient_ip', given, {}]),
    ['recipient_ip', true, { warnings: [ignored('recipient_ip')] }],
    ['recipient_ip', 0, { warnings: [ignored('recipient_ip')] }],
    ['recipient_ip', { ip: '192.0.2.7' }, { warnings: [ignored('recipient_ip')] }],
  ])('with %s %j', (name, value, became) => becomes({ [name]: value }, became));
});

describe('a sender', () => {
  test.each<[unknown, Became]>([
    ['MyShop', { sender: 'MyShop' }],
    ['My-Own', { sender: 'My-Own' }],
    ['+33611223344', { sender: '+33611223344' }],
    ['My-Shop!', { sender: 'MyShop', warnings: [/they were removed/] }],
    ['myshop', { sender: 'MyShop', warnings: [/^sender was read as MyShop\.$/] }],
    ['my-shop', { sender: 'MyShop', warnings: [/they were removed/, /^sender was read as MyShop\.$/] }],
    ['ElevenCharsAndMore', { sender: 'ElevenChars', warnings: [/it was cut/] }],
    ['Eleven Chars & More', { sender: 'ElevenChars', warnings: [/they were removed/, /it was cut/] }],
    ['ab', { warnings: [/less than 3/] }],
    ['!!', { warnings: [/they were removed/, /less than 3/] }],
    ['Stranger', { warnings: [/none of the senders of this account/] }],
    ['Acme\r\nX: y', { warnings: [/removed/, /none of the senders/] }],
    [12, { warnings: [/was not a text/, /less than 3/] }],
    [['MyShop'], { warnings: [ignored('sender')] }],
    [true, { warnings: [ignored('sender')] }],
    [false, {}],
    ['  ', {}],
    [null, {}],
  ])('%j', (sender, became) => becomes({ sender }, became));
});

describe('a channel', () => {
  const spoken = { voice: 'en-US/female/1' };
  test.each<[object, Became]>([
    [{ channel: 'sms' }, {}],
    [{ channel: 'text_sms' }, { warnings: [/was read as sms/] }],
    [{ channel: 'SMS' }, { warnings: [/was read as sms/] }],
    [{ channel: 'whatsapp' }, { warnings: [ignored('channel')] }],
    [{ channel: false, voice_language: false, voice_gender: ' ' }, {}],
    [{ channel: 7 }, { warnings: [ignored('channel')] }],
    [{ channel: '__proto__' }, { warnings: [ignored('channel')] }],
    [{ channel: 'voice_sms' }, spoken],
    [{ channel: 'voice-sms' }, { ...spoken, warnings: [/was read as voice_sms/] }],
    [{ channel: 'voice_sms', voice_gender: 'male' }, { voice: 'en-US/male/1' }],
    [
      { channel: 'voice_sms', voice_gender: 'MALE' },
      { voice: 'en-US/male/1', warnings: [/^voice_gender was read as male\.$/] },
    ],
    [
      { channel: 'voice_sms', voice_gender: 'robot' },
      { ...spoken, warnings: [ignored('voice_gender')] },
    ],
    ...['fr', 'fr_FR', 'FR-fr', 'frFR', 'fr-CA', ' fr '].map((voice_language): [object, Became] => [
      { channel: 'voice_sms', voice_language },
      { voice: 'fr-FR/female/1', warnings: [/^voice_language was read as fr-FR\.$/] },
    ]),
    ...[
      'en-US',
      'en-GB',
      'el-GR',
      'pl-PL',
      'hu-HU',
      'sv-SE',
      'de-DE',
      'es-ES',
      'es-LA',
      'fr-FR',
      'it-IT',
      'pt-BR',
      'ru-RU',
    ].map((voice_language): [object, Became] => [
      { channel: 'voice_sms', voice_language, voice_gender: 'male' },
      { voice: `${voice_language}/male/1` },
    ]),
    [
      { channel: 'voice_sms', voice_language: 'es-mx' },
      { voice: 'es-LA/female/1', warnings: [/es-LA/] },
    ],
    [
      { channel: 'voice_sms', voice_language: 'en' },
      { ...spoken, warnings: [/en-US/] },
    ],
    [
      { channel: 'voice_sms', voice_language: 'tlh' },
      { ...spoken, warnings: [ignored('voice_language')] },
    ],
    [
      { channel: 'voice_sms', voice_language: ['fr'] },
      { ...spoken, warnings: [ignored('voice_language')] },
    ],
    [
      { channel: 'voice_sms', voice_language: 'fr/../../x' },
      { ...spoken, warnings: [ignored('voice_language')] },
    ],
    [
      { channel: 'voice_sms', text: 'Voilà “{code}”' },
      { ...spoken, text: 'Voilà “●”' },
    ],
  ])('of %j', (asked, became) => becomes(asked, became));
});

describe('a field', () => {
  test.each<[object, Became]>([
    [{ Code_Length: 8, hint: 'x' }, { warnings: [/^Unknown fields were ignored: Code_Length, hint\.$/] }],
    [{ '123456': 1, 'a\r\nb': 2 }, { warnings: [/^Unknown fields were ignored: \?{6}, a\?\?b\.$/] }],
    [{ a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7 }, { warnings: [/a, b, c, d, e and 2 more\.$/] }],
    [{ constructor: 1, toString: 2 }, { warnings: [/constructor, toString/] }],
  ])('that is unknown, %j', (asked, became) => becomes(asked, became));

  test('called __proto__ is unknown as well', () =>
    becomes(`{"phone_number":"${NUMBER}","__proto__":{"code_length":8}}`, { warnings: [/__proto__/] }));

  test('that stands twice counts the last time', () =>
    becomes(`{"phone_number":"${NUMBER}","code_length":4,"code_length":8}`, { length: 8 }));

  test('that is wrong in every way costs nothing but itself', () =>
    becomes(
      {
        ...{ code_length: [], allow_digits: {}, validity_period: 'x', max_wrong_attempts: {}, recipient_ip: [] },
        ...{ voice_language: 1, voice_gender: 1, auto_optimize_text: 'x', request_id: {}, simulation_mode: 'x' },
        ...{ text: {}, channel: [], sender: {} },
      },
      { warnings: Array.from({ length: 13 }, () => /: it was ignored\.$/) },
    ));
});

describe('a number', () => {
  test.each<[unknown, RegExp[]]>([
    [NUMBER, []],
    ['9851023212', []],
    ['009779851023212', []],
    [' +977 985-1023212 ', []],
    [9_851_023_212, [/was a JSON number/]],
    [9_779_851_023_212, [/was a JSON number/]],
  ])('written %j', async (phone_number, warnings) => {
    const start = await odd.send({ phone_number });
    expect(start).toMatchObject({ number: { e164: NUMBER }, numberAsSent: String(phone_number) });
    expect(start.warnings).toEqual(matching(warnings));
  });

  test.each<[unknown, number]>([
    ...[undefined, null, '', '  ', false].map((phone_number): [unknown, number] => [phone_number, 110]),
    ...['a123321312321', '0944567890abc', '+33 6 6X XX XX 83', '٠٩٤٤٥٦٧٨٩٠', `${NUMBER}\r\nX: y`, '+'].map(
      (phone_number): [unknown, number] => [phone_number, 117],
    ),
    ...[-9_779_851_029_500, '-9851029502', '....9851029504', '+-9779851029502', '9991234567', '+09851023212'].map(
      (phone_number): [unknown, number] => [phone_number, 117],
    ),
    ...['98510\u202e23212', '98510\u200b23212', '9'.repeat(10_000), 1e21, 1.5, -1, true, [NUMBER], { $ne: null }].map(
      (phone_number): [unknown, number] => [phone_number, 117],
    ),
  ])('written %j is none, and nothing is sent', async (phone_number, code) => {
    odd.api.starts.length = 0;
    const answer = await odd.caller.generate({ phone_number, text: 'x', request_id: 'x' });
    expect([answer.statusCode, answer.json()]).toEqual([400, { code, message: expect.stringMatching(/^.{10,120}$/) }]);
    expect(odd.api.starts).toEqual([]);
  });

  test.each(['+9991234567', '+210123456789', '00210123456789', '00 999 123-4567'])(
    'written %j has a prefix of no country, and nothing is sent',
    async (phone_number) => {
      odd.api.starts.length = 0;
      const answer = await odd.caller.generate({ phone_number });
      expect([answer.statusCode, answer.json().code]).toEqual([403, 150]);
      expect(odd.api.starts).toEqual([]);
    },
  );
});
