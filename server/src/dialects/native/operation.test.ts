import { Type } from '@sinclair/typebox';
import { expect, it } from 'vitest';
import { isError } from '../../errors.ts';
import { type Call, type Operation, operation } from './operation.ts';
import { reads, readsGiven } from './reads.ts';
import { readsInto, readsJudged } from './reads-judged.ts';

const body = Type.Object({ a: Type.Optional(Type.Integer({ must: 'be whole' })) }, { additionalProperties: false });
const answers = { 200: { description: 'What was read.', body: Type.Unknown() } };

function call(over: Partial<Call<string>>): Call<string> {
  return {
    ...{ who: 'anna', target: 'POST /', requestId: '1', params: {}, query: {}, body: undefined },
    ...{ signal: () => AbortSignal.abort(), header: () => undefined, identifyAgain: async () => 'anna' },
    ...over,
  };
}

function echo(described: Partial<Parameters<typeof operation<string>>[0]>): Operation<string> {
  return operation({
    ...{ id: 'echo', summary: 'Echo', tag: 'Tests', answers, ...described },
    handle: async ({ query, body }) => ({ status: 200, body: { query, body } }),
  });
}

it('hands over what its readers made of query and body, and has their schemas', async () => {
  const query = readsGiven(Type.Object({ limit: Type.Optional(Type.String()) }));
  const described = echo({ query, body: reads(body) });
  const answer = await described.handle(call({ query: { limit: '' }, body: { a: 1 } }));
  expect(answer.body).toEqual({ query: {}, body: { a: 1 } });
  expect([described.query, described.body]).toEqual([query.schema, body]);
});

it('refuses what its readers refuse', async () => {
  const refused = echo({ body: reads(body) }).handle(call({ body: { a: 1.5, b: 2 } }));
  await expect(refused).rejects.toSatisfy(
    (error) => isError(error, 'invalid_request') && error.detail.faults.length === 2,
  );
});

it('reads an absent body as an empty object, where it may be absent', async () => {
  expect((await echo({ body: reads(body), bodyOptional: true }).handle(call({}))).body).toMatchObject({ body: {} });
  await expect(echo({ body: reads(body) }).handle(call({}))).rejects.toSatisfy((error) =>
    isError(error, 'invalid_request'),
  );
});

it('tells its readers who asks', async () => {
  const judged = readsJudged(body, (_, who: string) => [{ field: 'a', message: `is not ${who}’s` }]);
  await expect(echo({ body: judged }).handle(call({ body: {} }))).rejects.toSatisfy(
    (error) => isError(error, 'invalid_request') && error.detail.faults[0]?.message === 'is not anna’s',
  );
});

it('hands over what a reader makes of the sound fields, and tells all that is wrong with them and with the others', async () => {
  const read = readsInto(body, ({ a }, who: string) =>
    a === 0 ? { faults: [{ field: 'a', message: `is too little for ${who}` }] } : { value: `${who} ${a}` },
  );
  const asked = (given: unknown) => echo({ body: read }).handle(call({ body: given }));
  expect((await asked({ a: 1 })).body).toMatchObject({ body: 'anna 1' });
  const faults = (fields: readonly string[]) => (error: unknown) =>
    isError(error, 'invalid_request') && error.detail.faults.map(({ field }) => field).join() === fields.join();
  await expect(asked({ a: 0, b: 2 })).rejects.toSatisfy(faults(['b', 'a']));
  await expect(asked({ a: 1, b: 2 })).rejects.toSatisfy(faults(['b']));
});
