import { Type } from '@sinclair/typebox';
import type { HandsetCalls } from '../../handset/calls/handset-calls.ts';
import { callJson, callOf, callParams, callSchema, nextCallQuery } from './handset-calls-wire.ts';
import { listQuery, type Owner } from './handset-wire.ts';
import { type Operation, operation } from './operation.ts';
import { wavAnswer, wavAnswers } from './wav-answer.ts';

const tag = 'Sandbox phone';
const listSchema = Type.Object({ data: Type.Array(callSchema) }, { additionalProperties: false });

export function listHandsetCalls(calls: HandsetCalls): Operation<Owner> {
  return operation({
    id: 'listHandsetCalls',
    summary: 'List calls at the sandbox phone',
    tag,
    query: listQuery,
    answers: { 200: { description: 'Newest first: those that ring, are answered, or have ended.', body: listSchema } },
    handle: async ({ who: { account }, query: { to, limit } }) => ({
      status: 200,
      body: { data: (await calls.calls(account.id, to, limit)).map(callJson) },
    }),
  });
}

export function nextHandsetCall(calls: HandsetCalls): Operation<Owner> {
  return operation({
    id: 'nextHandsetCall',
    summary: 'Wait for a call',
    description: 'The oldest one after `after`; without that, the first that comes from now on.',
    tag,
    query: nextCallQuery,
    answers: {
      200: { description: 'The call, ringing or later.', body: callSchema },
      204: { description: 'None came in time.' },
    },
    async handle({ who: { account }, query: { to, after, waitMs }, signal, identifyAgain }) {
      const call = await calls.next(account.id, to, after, waitMs, signal());
      // The key may have been revoked during the wait.
      await identifyAgain();
      return call === null ? { status: 204 } : { status: 200, body: callJson(call) };
    },
  });
}

export function showHandsetCall(calls: HandsetCalls): Operation<Owner> {
  return operation({
    id: 'showHandsetCall',
    summary: 'Show a call at the sandbox phone',
    tag,
    params: callParams,
    answers: { 200: { description: 'The call as it is now.', body: callSchema } },
    handle: async ({ who: { account }, params }) => ({
      status: 200,
      body: callJson(await calls.call(account.id, callOf(params))),
    }),
  });
}

export function playHandsetCall(calls: HandsetCalls): Operation<Owner> {
  return operation({
    id: 'playHandsetCall',
    summary: 'Listen to a call',
    description:
      'What the callee has heard so far: a WAV file of the very samples that a trunk would have carried, 8 kHz. It grows while the call goes on.',
    tag,
    params: callParams,
    headers: { range: Type.String({ description: 'One range: RFC 9110 §14.2.', examples: ['bytes=0-1023'] }) },
    answers: wavAnswers,
    handle: async ({ who: { account }, params, header }) =>
      wavAnswer(await calls.audio(account.id, callOf(params)), header('range')),
  });
}
