import { describe, expect, it } from 'vitest';
import { nearestLocale } from './locales.ts';
import { templateSpeech, templateText, type Wanted } from './own-template.ts';

type Words = Readonly<Record<string, string>>;

/** Texts that say no more than where they stand. */
const under = (...tags: readonly string[]): Words => Object.fromEntries(tags.map((tag) => [tag, tag]));

function wanted(tag: string): Wanted {
  const locale = nearestLocale(tag);
  if (locale === null) throw new Error(tag);
  return { tag, locale };
}

const textOf = (texts: Words, tag: string) => templateText({ texts }, wanted(tag)).text;

describe('the text of a template', () => {
  it.each([
    ['its own tag', ['fr', 'fr-FR', 'fr-CA'], 'fr-CA', 'fr-CA'],
    ['its own, however it is spelt', ['fr-FR', ' Fr_cA '], 'FR-ca', ' Fr_cA '],
    ['the language alone', ['en-NZ', 'en-GB', 'en'], 'en-AU', 'en'],
    ['the nearest of the language', ['pt-BR', 'pt-PT'], 'pt-AO', 'pt-PT'],
    ['another region near it', ['en-US', 'en-NZ'], 'en-AU', 'en-NZ'],
    ['any of the language', ['de', 'fr-CA'], 'fr-BE', 'fr-CA'],
    ['the first', ['de', 'fr-FR'], 'ru', 'de'],
    ['Latin America’s before Spanish at large', ['es-ES', 'es', 'es-419'], 'es-MX', 'es-419'],
    ['Latin America’s by its other name', ['es', 'es-LA'], 'es-419', 'es-LA'],
    ['Spanish at large before a neighbour’s', ['es-AR', 'es'], 'es-MX', 'es'],
    ['a neighbour’s before Spain’s', ['es-ES', 'es-AR'], 'es-MX', 'es-AR'],
    ['Spain’s where nothing else is Spanish', ['de', 'es-ES'], 'es-MX', 'es-ES'],
    ['that of the locale for a language alone', ['en-GB', 'en-US'], 'en', 'en-US'],
  ])('is that under %s', (_, tags, tag, expected) => {
    expect(textOf(under(...tags), tag)).toBe(expected);
  });

  it('comes with the language that it stands under', () => {
    expect(templateText({ texts: { 'de-AT': 'Servus' } }, wanted('fr'))).toEqual({ tag: 'de-AT', text: 'Servus' });
  });
});

describe('what a template has a call say', () => {
  const template = { texts: { de: 'Code', 'fr-FR': 'Le code' }, spoken: { fr: 'Voici' } };

  it('is spoken words of the language, else its message', () => {
    expect(templateSpeech(template, wanted('fr-FR'))).toEqual({ tag: 'fr', text: 'Voici' });
    expect(templateSpeech(template, wanted('de'))).toEqual({ tag: 'de', text: 'Code' });
    expect(templateSpeech(template, wanted('ru'))).toEqual({ tag: 'de', text: 'Code' });
  });
});
