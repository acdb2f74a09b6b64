import type { CalleeAct, HandsetCalls } from '../../handset/calls/handset-calls.ts';
import { emptyBody } from './empty-body.ts';
import { callJson, callOf, callParams, callSchema, keysBody } from './handset-calls-wire.ts';
import type { Owner } from './handset-wire.ts';
import { type Operation, operation, type Reader } from './operation.ts';

export function answerHandsetCall(calls: HandsetCalls): Operation<Owner> {
  return act(calls, 'answerHandsetCall', 'Answer a call that rings', { kind: 'answer' });
}

export function rejectHandsetCall(calls: HandsetCalls): Operation<Owner> {
  return act(calls, 'rejectHandsetCall', 'Reject a call that rings', { kind: 'reject' });
}

export function hangUpHandsetCall(calls: HandsetCalls): Operation<Owner> {
  return act(calls, 'hangUpHandsetCall', 'Hang up', { kind: 'hang_up' });
}

export function pressHandsetKeys(calls: HandsetCalls): Operation<Owner> {
  return acted(calls, 'pressHandsetKeys', 'Press keys', {
    body: keysBody,
    actOf: ({ digits }) => ({ kind: 'keys', digits }),
  });
}

function act(calls: HandsetCalls, id: string, summary: string, act: CalleeAct): Operation<Owner> {
  return acted(calls, id, summary, { body: emptyBody, bodyOptional: true, actOf: () => act });
}

interface Act<Body> {
  readonly body: Reader<Body>;
  readonly bodyOptional?: boolean;
  readonly actOf: (body: Body) => CalleeAct;
}

/** Something that the callee does. */
function acted<Body>(calls: HandsetCalls, id: string, summary: string, what: Act<Body>): Operation<Owner> {
  const { actOf, ...reading } = what;
  return operation({
    ...{ id, summary, tag: 'Sandbox phone', params: callParams, ...reading },
    answers: { 200: { description: 'The call as it is then.', body: callSchema } },
    problems: ['conflict'],
    handle: async ({ who: { account }, params, body }) => ({
      status: 200,
      body: callJson(await calls.act(account.id, callOf(params), actOf(body))),
    }),
  });
}
