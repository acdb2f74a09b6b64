import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countSegments } from '../../sms/segments.ts';
import { Secret } from '../../values/secret.ts';
import { findVoice } from '../../voice/voices.ts';
import { composeMessages, type MessageRequest } from './compose.ts';
import { LOCALES } from './locales.ts';

const { voice } = findVoice({ language: 'en-US' });

interface Over extends Partial<MessageRequest> {
  /** Own words of a request. */
  readonly text?: string | null;
}

function composed({ text = null, ...over }: Over = {}) {
  return composeMessages({
    own: text === null ? null : { field: 'text', written: text, spoken: text },
    ...{ locale: 'en-US', codeLength: 6, brand: null, minutes: 5 },
    ...{ amount: null, payee: null, autofill: null, sender: null, voice, replays: 2 },
    ...over,
  });
}

function messages(over: Over = {}, code = '012345') {
  const found = composed({ ...over, codeLength: code.length });
  if ('faults' in found) throw new Error(JSON.stringify(found.faults));
  return found.messages(new Secret(code));
}

const written = (over: Over = {}, code = '012345') => messages(over, code).sms?.text ?? '';
const scriptOf = (over: Over = {}) => messages(over).voice?.call.script;

/** Every fault, as `field must …`. */
function faults(over: Over): string[] {
  const found = composed(over);
  return 'faults' in found ? found.faults.map(({ field, message }) => `${field} ${message}`) : [];
}

describe('built-in messages', () => {
  const PAID = { amount: '1 250,00 €', payee: 'Librairie du Port' };

  it.each(LOCALES)('of %s hold the code once, fit one segment, and say for whom and how long', (locale) => {
    for (const over of [{}, { brand: 'Acme' }, { minutes: 1 }, { minutes: 22 }, { minutes: 1440 }]) {
      const text = written({ locale, ...over });
      expect(text.split('012345')).toHaveLength(2);
      expect(countSegments(text)).toBe(1);
      expect(text).not.toMatch(/[{}]|undefined|null/);
      if ('brand' in over) expect(text).toContain('Acme');
      expect(text).toContain(String('minutes' in over ? over.minutes : 5));
    }
    const paid = written({ locale, ...PAID });
    expect(paid).toContain(PAID.amount);
    expect(paid).toContain(PAID.payee);
    expect(countSegments(paid)).toBeLessThanOrEqual(2);
  });

  it('decline minutes as the language does', () => {
    const polish = [1, 2, 5, 22].map((minutes) => written({ locale: 'pl-PL', minutes }).match(/minut\S*/)?.[0]);
    expect(polish).toEqual(['minutę.', 'minuty.', 'minut.', 'minuty.']);
    const russian = [1, 3, 11, 21].map((minutes) => written({ locale: 'ru-RU', minutes }).match(/минут\S*/)?.[0]);
    expect(russian).toEqual(['минуту.', 'минуты.', 'минут.', 'минуту.']);
  });

  it('say nothing of a time that is less than a minute', () => {
    expect(written({ minutes: 0 })).toBe('012345 is your verification code. Do not share it with anyone.');
    expect(written({ minutes: 0, text: '{code}: {minutes} min' })).toBe('012345: 1 min');
  });

  it('warn not to share the code where there is room', () => {
    expect(written({ brand: 'Acme' })).toBe(
      '012345 is your Acme verification code. It expires in 5 minutes. Do not share it with anyone.',
    );
  });

  it.each(LOCALES)('of %s are spoken with the code spelt, and say how to hear it again', (locale) => {
    const script = scriptOf({ locale, brand: 'Acme' });
    expect(script?.code).toEqual([
      { kind: 'text', text: expect.stringContaining('Acme') },
      { kind: 'code', from: 'speech' },
    ]);
    expect(script?.replayPrompt).toEqual([{ kind: 'text', text: expect.stringMatching(/1|egyest|एक/) }]);
    expect(scriptOf({ locale, replays: 0 })?.replayPrompt).toEqual([]);
    expect(JSON.stringify(script)).not.toContain('012345');
  });
});

describe('own words', () => {
  it('get their values in one pass, whatever stands in them', () => {
    fc.assert(
      fc.property(fc.constantFrom('$&', '$`', '$$', '{code}', '{payee}', '{minutes}', '{{x}}', 'Acme'), (brand) => {
        expect(written({ text: '{brand}: {code} ({minutes} min)', brand })).toBe(`${brand}: 012345 (5 min)`);
      }),
    );
  });

  it('are spoken with the code spelt in each place', () => {
    expect(scriptOf({ text: 'Hello from {brand}, {code}. Again: {code}.', brand: 'Acme' })?.code).toEqual([
      { kind: 'text', text: 'Hello from Acme,' },
      { kind: 'code', from: 'speech' },
      { kind: 'text', text: '. Again:' },
      { kind: 'code', from: 'speech' },
    ]);
  });

  it.each([
    ['no code', 'Hello', 'text must hold {code}, where the code is to stand'],
    ['another placeholder', 'Code {otp}', 'text must not hold {otp}'],
    ['a misspelt one', 'Code {code} { Brand }', 'text must not hold { Brand }'],
    ['a line that phones read', 'Hi {code}\n@evil.com #{code}', 'text must not end in a line of the form'],
    ['a control character', 'Code {code}\u001b', 'text must not hold control characters'],
    ['a missing value', '{code} for {brand}', 'brand must be given: the text holds {brand}'],
    ['an amount for nobody', 'Pay {amount}: {code}', 'text must hold {payee} beside {amount}, or neither'],
    ['too much', `${'a'.repeat(3000)} {code}`, 'text must be shorter'],
  ])('are refused with %s', (_, text, expected) => {
    expect(faults({ text })[0]).toContain(expected);
  });

  it('are held to what they say by call, too', () => {
    const own = { field: 'template', written: '{code} pays {amount} to {payee}', spoken: '{brand}: {code}' } as const;
    expect(faults({ own, amount: '5 €', payee: 'Acme' })).toEqual([
      'brand must be given: the template holds {brand}',
      'template must hold {amount} and {payee}, written and spoken: the payer must learn it',
    ]);
  });

  it.each([
    ['a brand', { text: 'Your code:\n{brand} #{code}', brand: '@evil.com' }, 'text'],
    ['a payee', { text: '{code} {amount}\n{payee}', amount: '5 €', payee: '@evil.com #012345' }, 'text'],
    ['a brand before the built-in words', { locale: 'hu-HU', brand: '@evil.com #012345' }, 'brand'],
    ['a payee before them', { locale: 'ne-NP', amount: '5 €', payee: '@evil.com #012345' }, 'payee'],
  ] as const)('are not made a line that phones read by %s', (_, over, field) => {
    expect(faults(over)).toEqual([expect.stringContaining(`${field} must not end in a line of the form`)]);
  });

  it('are too long for the length of what is in them, or for its letters', () => {
    const text = `{code} {amount} {payee} ${'a'.repeat(1300)}`;
    expect(faults({ text, amount: '5', payee: 'Acme' })).toEqual([]);
    expect(faults({ text, amount: 'पाँच', payee: 'नेपाल' }).map((fault) => fault.split(',')[0])).toEqual([
      'amount must be in letters of the GSM alphabet',
      'payee must be in letters of the GSM alphabet',
    ]);
    expect(faults({ text: `${text} ${text}`, amount: 'पाँच', payee: 'नेपाल' })).toEqual([
      expect.stringMatching(/^text must be shorter/),
    ]);
  });

  it('may hold braces of their own', () => {
    expect(written({ text: 'Code {code} {see app} {x}' })).toBe('Code 012345 {see app} {x}');
  });
});

describe('a code', () => {
  it('is put in last, whichever it is: all of its length are said in the same words', () => {
    const codes = fc.stringMatching(/^[0-9A-Za-z]{4,10}$/);
    const requests = fc.record({
      locale: fc.constantFrom(...LOCALES),
      brand: fc.option(fc.constantFrom('Acme', 'x'.repeat(40), '{code}', '0000')),
      text: fc.option(fc.constant('{code}: {code} in {minutes} min')),
      autofill: fc.option(
        fc.constantFrom({ domain: 'acme.example', androidHash: null }, { domain: null, androidHash: 'FA+9qCX9VSu' }),
      ),
    });
    fc.assert(
      fc.property(codes, requests, (code, request) => {
        const mark = '*'.repeat(code.length);
        expect(written(request, code)).toBe(written(request, mark).replaceAll(mark, code));
      }),
    );
  });
});

describe('values', () => {
  it('of a payment come together, and must be seen', () => {
    expect(faults({ amount: '5 €' })).toEqual([expect.stringMatching(/^payee must be given/)]);
    expect(faults({ payee: 'Acme' })).toEqual([expect.stringMatching(/^amount must be given/)]);
    const hidden = faults({ text: '{code} for {brand}', brand: 'Acme', amount: '5 €', payee: 'Acme' });
    expect(hidden).toEqual([expect.stringMatching(/^text must hold \{amount\}/)]);
  });

  it('start no line, turn no direction, and are not blank', () => {
    for (const brand of ['Acme\n@evil.com #1', 'Ac\u202eme', '\u2028', '  ', 'x'.repeat(41)]) {
      expect(faults({ brand })).toEqual([expect.stringMatching(/^brand must /)]);
    }
  });
});

describe('autofill', () => {
  it('ends in the line of the site, with the code in it', () => {
    const text = written({ autofill: { domain: 'shop.example.com', androidHash: null } });
    expect(text.endsWith('\n\n@shop.example.com #012345')).toBe(true);
    expect(text.startsWith('012345 is')).toBe(true);
  });

  it('ends in the app’s hash, within 140 bytes', () => {
    const autofill = { domain: null, androidHash: 'FA+9qCX9VSu' };
    expect(written({ autofill }).endsWith('\n\nFA+9qCX9VSu')).toBe(true);
    expect(faults({ autofill, text: `${'a'.repeat(121)}{code}` })).toEqual([]);
    expect(faults({ autofill, text: `${'a'.repeat(122)}{code}` })).toEqual([expect.stringContaining('140 bytes')]);
  });

  it.each(LOCALES)('leaves the built-in words of %s room for it', (locale) => {
    const code = '0123456789';
    for (const over of [{}, { brand: 'Acme' }, { amount: '1 250,00 €', payee: 'Librairie' }]) {
      const app = written({ ...over, locale, autofill: { domain: null, androidHash: 'FA+9qCX9VSu' } }, code);
      expect(Buffer.byteLength(app)).toBeLessThanOrEqual(140);
      if (!('amount' in over)) expect(countSegments(app)).toBe(1);
      const site = written({ ...over, locale, autofill: { domain: 'shop.example.com', androidHash: null } }, code);
      expect(site.split('0123456789')).toHaveLength(3);
      expect(countSegments(site)).toBeLessThanOrEqual(2);
    }
  });

  it('tells what is too long beside it', () => {
    const autofill = { domain: null, androidHash: 'FA+9qCX9VSu' };
    expect(faults({ autofill, locale: 'el-GR', brand: 'ж'.repeat(40) })).toEqual([
      expect.stringMatching(/^brand must be shorter/),
    ]);
  });

  it.each([
    ['https://example.com', null, 'autofill.domain'],
    ['example.com:443', null, 'autofill.domain'],
    ['localhost', null, 'autofill.domain'],
    ['192.0.2.1', null, 'autofill.domain'],
    ['Example.com', null, 'autofill.domain'],
    [`${'a'.repeat(64)}.com`, null, 'autofill.domain'],
    ['example.com #1', null, 'autofill.domain'],
    [null, 'short', 'autofill.android_hash'],
    [null, 'FA+9qCX9VS!', 'autofill.android_hash'],
    ['example.com', 'FA+9qCX9VSu', 'autofill.android_hash'],
  ])('refuses %s and %s', (domain, androidHash, field) => {
    expect(faults({ autofill: { domain, androidHash } })[0]).toContain(field);
  });
});
