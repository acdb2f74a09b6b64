import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { optimizeForGsm7 } from './optimize.ts';
import { septetsIn } from './segments.ts';

const REPLACED = 'ê’“”…–\u00a0\u200bçőłŠœ\u2028\t';
const KEPT = 'ıŞअЖ中😀₹đ\ud800';
const GSM = 'abc {code}:123é\n€ñÇ';

const textOf = (characters: string) =>
  fc.array(fc.constantFrom(...characters), { maxLength: 60 }).map((list) => list.join(''));

describe('a text that can be read without them', () => {
  test.each([
    ['“Votre code” — c’est {code}…', '"Votre code" - c\'est {code}...'],
    ['Votre code à usage unique\u00a0: {code}', 'Votre code à usage unique : {code}'],
    ['Bientôt reçu, très sûr, cœur, NOËL', 'Bientot recu, très sur, coeur, NOEL'],
    ['Su código de verificación: ¿listo? año', 'Su codigo de verificacion: ¿listo? año'],
    ['Seu código não é válido', 'Seu codigo nao é valido'],
    ['Twój kod: źdźbło ĄĘ', 'Twoj kod: zdzblo AE'],
    ['Ellenőrző kód, fűtő', 'Ellenörzö kod, fütö'],
    ['Příliš žluťoučký kůň', 'Prilis zlutoucky kun'],
    ['Dein Schlüssel für Größe', 'Dein Schlüssel für Größe'],
    ['l’e\u0301te\u0301, cafe\u0302', "l'été, cafe"],
    ['\u202aYour code\u202c\u200b: {code}', 'Your code: {code}'],
  ])('%j is %j', (text, plain) => {
    expect(optimizeForGsm7(text)).toBe(plain);
    expect(septetsIn(plain)).toBeGreaterThan(0);
  });
});

describe('a text that would lose something', () => {
  test.each([
    'Doğrulama kodunuz: sıkışınca',
    'Mã xác minh của bạn',
    'तपाईंको कोड {code} हो',
    'Ваш код: {code}',
    'Ο κωδικός σας: {code}',
    '🔒 “Your code”…',
    '₹500 to Acme – code {code}',
    'half \ud800',
  ])('%j stays as it is', (text) => expect(optimizeForGsm7(text)).toBe(text));
});

test('what is in GSM-7 is never touched', () => {
  fc.assert(fc.property(textOf(GSM), (text) => void expect(optimizeForGsm7(text)).toBe(text)));
});

test('it is all in GSM-7 afterwards, or it is the very same text', () => {
  fc.assert(
    fc.property(textOf(GSM + REPLACED + KEPT), (text) => {
      const plain = optimizeForGsm7(text);
      const fits = [...KEPT].every((character) => !text.includes(character));
      expect(septetsIn(plain) >= 0).toBe(fits);
      if (!fits) expect(plain).toBe(text);
      expect(optimizeForGsm7(plain)).toBe(plain);
    }),
  );
});

test('all that was in GSM-7 stands there in its order: no digit, no brace of a placeholder is lost', () => {
  const gsmOnly = (text: string) => text.replace(/[^a-z0-9{}:é\n€ñÇ]/g, '');
  fc.assert(
    // Without replacements that are letters themselves.
    fc.property(textOf(`${GSM}’“”…–\u00a0\u200b\t`), (text) => {
      expect(gsmOnly(optimizeForGsm7(text))).toBe(gsmOnly(text));
    }),
  );
});
