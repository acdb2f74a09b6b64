import { Type } from '@sinclair/typebox';
import { describe, expect, it } from 'vitest';
import { namedSchemas } from './schema-object.ts';

const answer = (schema: Parameters<ReturnType<typeof namedSchemas>['ofAnswer']>[0]) =>
  JSON.parse(JSON.stringify(namedSchemas().ofAnswer(schema)));
const request = (schema: Parameters<ReturnType<typeof namedSchemas>['ofAnswer']>[0]) =>
  JSON.parse(JSON.stringify(namedSchemas().ofRequest(schema)));

describe('a schema in the document', () => {
  it('lists literals, and has null among its types', () => {
    const either = Type.Union([Type.Literal('a'), Type.Literal('b')], { description: 'Which.' });
    expect(answer(either)).toEqual({ description: 'Which.', type: 'string', enum: ['a', 'b'] });
    expect(answer(Type.Union([either, Type.Null()]))).toEqual({
      ...{ description: 'Which.', type: ['string', 'null'], enum: ['a', 'b', null] },
    });
    expect(answer(Type.Union([Type.Integer({ minimum: 1 }), Type.Null()], { description: 'How many.' }))).toEqual({
      ...{ description: 'How many.', minimum: 1, type: ['integer', 'null'] },
    });
    expect(answer(Type.Union([Type.Boolean(), Type.String()]))).toEqual({
      anyOf: [{ type: 'boolean' }, { type: 'string' }],
    });
  });

  it('has the description of the outer one, where both have one', () => {
    const text = Type.String({ description: 'A number.' });
    expect(answer(Type.Union([text, Type.Null()], { description: 'Null once it was erased.' })).description).toBe(
      'Null once it was erased.',
    );
  });

  it('says what a field must be, where nothing says what it is, and to who asks alone', () => {
    const field = Type.Integer({ minimum: 0, must: 'be a whole number' });
    expect(request(field).description).toBe('Must be a whole number.');
    expect(request({ ...field, description: 'Seconds.' }).description).toBe('Seconds.');
    expect(answer(field)).toEqual({ type: 'integer', minimum: 0 });
    expect(request(Type.Object({ a: field }, { must: 'be an object' }))).toEqual({
      ...{ type: 'object', required: ['a'] },
      properties: { a: { description: 'Must be a whole number.', type: 'integer', minimum: 0 } },
    });
  });

  it('has values of any key as additional properties', () => {
    const record = Type.Record(Type.String(), Type.String({ maxLength: 5 }));
    expect(answer(record)).toEqual({ type: 'object', additionalProperties: { type: 'string', maxLength: 5 } });
  });

  it('stands apart where it has a name, with what is said of it at each place', () => {
    const schemas = namedSchemas();
    const limit = Type.Object({ count: Type.Integer() }, { $id: 'Limit' });
    expect(schemas.ofAnswer(Type.Array(limit))).toMatchObject({ items: { $ref: '#/components/schemas/Limit' } });
    expect(schemas.ofRequest(limit)).toEqual({ $ref: '#/components/schemas/Limit' });
    expect(JSON.parse(JSON.stringify(schemas.all.get('Limit')))).toEqual({
      ...{ type: 'object', required: ['count'], properties: { count: { type: 'integer' } } },
    });
  });

  it('shares its name with no other', () => {
    const schemas = namedSchemas();
    schemas.ofAnswer(Type.Object({ a: Type.String() }, { $id: 'Thing' }));
    expect(() => schemas.ofAnswer(Type.Object({ b: Type.String() }, { $id: 'Thing' }))).toThrow('Thing');
  });
});
