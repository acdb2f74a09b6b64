import fc from 'fast-check';
import { expect, test } from 'vitest';
import { espeakVoice, findVoice, VOICE_LANGUAGES, VOICES, voiceNamed } from './voices.ts';

test('every locale has voices of both genders, each with a name of its own', () => {
  // Octopush's thirteen, Nepali, and CM's own.
  expect(Array.from(VOICE_LANGUAGES.keys()).sort()).toEqual(
    'de-DE el-GR en-GB en-US es-ES es-LA fr-FR hu-HU it-IT ne-NP nl-NL pl-PL pt-BR ru-RU sv-SE'.split(' '),
  );
  for (const locale of VOICE_LANGUAGES.keys())
    for (const gender of ['female', 'male'] as const)
      expect(findVoice({ language: locale, gender })).toMatchObject({ voice: { locale, gender }, warning: null });
  expect(new Set(VOICES.map(({ name }) => name)).size).toBe(VOICES.length);
  expect(new Set(VOICES.map(({ name }) => JSON.stringify(espeakVoice(name)))).size).toBe(VOICES.length);
});

test("TingTing's voices are Nepali, and of the gender of their names", () => {
  expect(['np_rija', 'np_shreegya', 'np_prashanna', 'np_binod'].map((name) => voiceNamed(name))).toMatchObject([
    { locale: 'ne-NP', gender: 'female', volume: 0 },
    { locale: 'ne-NP', gender: 'female' },
    { locale: 'ne-NP', gender: 'male' },
    { locale: 'ne-NP', gender: 'male' },
  ]);
});

test.each(['np_rija/../../x', '__proto__', 'constructor', '', 'NP_RIJA'])('%j is no voice', (name) => {
  expect(voiceNamed(name)).toBeNull();
  expect(espeakVoice(name)).toBeNull();
});

test.each([
  [{}, 'en-GB/female/1', false],
  [{ language: null, gender: null, number: null, volume: null }, 'en-GB/female/1', false],
  [{ language: 'en-GB', gender: 'male', number: 2 }, 'en-GB/male/2', false],
  [{ language: 'EN_us' }, 'en-US/female/1', false],
  [{ language: 'fr' }, 'fr-FR/female/1', false],
  [{ language: 'en-EN' }, 'en-GB/female/1', true],
  [{ language: 'en-CA' }, 'en-US/female/1', true],
  [{ language: 'es-MX' }, 'es-LA/female/1', true],
  [{ language: 'pt-PT', gender: 'male' }, 'pt-BR/male/1', true],
  [{ language: 'ne' }, 'np_rija', false],
  [{ language: 'nl-BE' }, 'nl-NL/female/1', true],
  [{ language: 'fi-FI' }, 'en-GB/female/1', true],
  [{ language: 'de-DE', number: 7 }, 'de-DE/female/1', true],
  [{ language: '__proto__' }, 'en-GB/female/1', true],
] as const)('%j is spoken by %s', (wish, name, warned) => {
  const { voice, warning } = findVoice(wish);
  expect(voice.name).toBe(name);
  expect(warning !== null).toBe(warned);
});

test('the warning says who speaks instead, and cannot be made to say more', () => {
  expect(findVoice({ language: 'en-EN' }).warning).toBe(
    'There is no female voice 1 for en-EN; English (United Kingdom), female 1 speaks instead.',
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (language) => {
      const { warning } = findVoice({ language });
      expect(warning ?? '').toMatch(/^[A-Za-z0-9_ ;,.()-]{0,120}$/);
    }),
  );
});

test('volume is cut to what there is', () => {
  expect([-9, -4, 2.4, 9].map((volume) => findVoice({ volume }).voice.volume)).toEqual([-4, -4, 2, 4]);
});
