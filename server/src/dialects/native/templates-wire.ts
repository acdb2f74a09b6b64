import { type Static, Type } from '@sinclair/typebox';
import type { Fault } from '../../errors.ts';
import { plainTag } from '../../otp/messages/locales.ts';
import { LONGEST_TEXT } from '../../otp/messages/text-faults.ts';
import type { TemplateRow } from '../../store/tables/templates.ts';
import { answerObject, timeField } from './field-schemas.ts';

/** Languages of one template: as many as there are words for, and their plain languages. */
const MOST_LANGUAGES = 32;

const text = Type.String({
  minLength: 1,
  maxLength: LONGEST_TEXT,
  must: `be a text of 1 to ${LONGEST_TEXT} characters`,
});

const words = Type.Record(Type.String({ minLength: 1 }), text, {
  minProperties: 1,
  maxProperties: MOST_LANGUAGES,
  must: `be an object of 1 to ${MOST_LANGUAGES} texts by language, as in {"en": "{code} is your code"}, each of at most ${LONGEST_TEXT} characters`,
});

export const templateBody = Type.Object(
  {
    texts: Type.Unsafe<Record<string, string>>({
      ...words,
      description: 'Of messages. The first is for languages that have none here.',
    }),
    spoken: Type.Optional(
      Type.Unsafe<Record<string, string>>({
        ...words,
        description: 'Of calls. Where a language has none, its message is spoken.',
      }),
    ),
  },
  { additionalProperties: false, must: 'be an object' },
);
export type TemplateBody = Static<typeof templateBody>;

/** Two texts for one language: `en` and `EN` are one, `en` and `en-GB` are two. */
export function languageFaults(field: 'texts' | 'spoken', words: Readonly<Record<string, string>>): Fault[] {
  const names = Object.keys(words);
  const plain = names.map(plainTag);
  return names.flatMap((name, i) => {
    const earlier = names[plain.indexOf(plain[i] ?? '')];
    return earlier === name
      ? []
      : [{ field: `${field}.${name}`, message: `must be left out: ${earlier} is the same language` }];
  });
}

const shownWords = (of: string) =>
  Type.Record(Type.String(), Type.String(), { description: `The words of ${of}, by language.` });

export const templateSchema = answerObject('Template', {
  name: Type.String({ description: 'What requests call it.', examples: ['login'] }),
  texts: shownWords('messages'),
  spoken: shownWords('calls'),
  updated_at: timeField('When it was put.'),
});

export function templateJson({ name, texts, spoken, updatedAt }: TemplateRow): Static<typeof templateSchema> {
  return { name, texts, spoken, updated_at: new Date(updatedAt).toISOString() };
}
