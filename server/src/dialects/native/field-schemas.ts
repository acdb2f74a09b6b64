import { type SchemaOptions, type TObject, type TSchema, Type } from '@sinclair/typebox';

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const EXAMPLE = '0199a3c5-7e2b-7c41-9d0f-3b6a58c1e2f7';

/** An id with its prefix, as in `msg_…`. @param of what it is the id of, in words */
export function idField(prefix: string, of: string) {
  return Type.String({
    pattern: `^${prefix}${UUID}$`,
    description: `The id of ${of}.`,
    examples: [prefix + EXAMPLE],
    must: `be the id of ${of}, ${prefix}…`,
  });
}

/** The id behind a prefix, as in `msg_…`; null when there is none, or the text is no such id. */
export function idAfter(prefix: string, text: string | undefined): string | null {
  return text !== undefined && new RegExp(`^${prefix}${UUID}$`).test(text) ? text.slice(prefix.length) : null;
}

export function orNull<S extends TSchema>(schema: S, options: SchemaOptions = {}) {
  return Type.Union([schema, Type.Null()], options);
}

export function timeField(description: string) {
  return Type.String({ format: 'date-time', description: `${description} RFC 3339, UTC.`, examples: [TIME] });
}

const TIME = '2026-03-01T09:30:00.000Z';

export const numberField = Type.String({
  pattern: '^\\+[1-9][0-9]{2,14}$',
  description: 'A phone number in E.164.',
  examples: ['+9779851023212'],
});

/** An object of an answer: all of its fields are said here. @param id its name among the document's schemas */
export function answerObject<P extends Parameters<typeof Type.Object>[0]>(id: string, fields: P): TObject<P> {
  return Type.Object(fields, { $id: id, additionalProperties: false });
}
