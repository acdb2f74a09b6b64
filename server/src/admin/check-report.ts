import { type TProperties, Type } from '@sinclair/typebox';
import { answerObject, orNull } from '../dialects/native/field-schemas.ts';

/** What a check found, as an answer. @param of what is particular to a step of it */
export function reportSchema(id: string, of: TProperties) {
  const step = Type.Object(
    {
      ...of,
      ok: Type.Boolean(),
      found: Type.String({ description: 'What was found.' }),
      expected: Type.String({ description: 'What should have been.' }),
      cure: orNull(Type.String(), { description: 'What to do; null when nothing is to be mended.' }),
    },
    { additionalProperties: false },
  );
  return answerObject(id, {
    ok: Type.Boolean({ description: 'Whether all steps were.' }),
    steps: Type.Array(step, { description: 'In order, up to the first that failed.' }),
  });
}
