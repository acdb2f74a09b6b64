import { Type } from '@sinclair/typebox';
import type { Caller } from '../../../accounts/caller.ts';
import type { AppDeps } from '../../../app-deps.ts';
import { type Operation, operation } from '../operation.ts';
import { reader } from '../reads.ts';
import { askOf } from './ask.ts';
import { sendOnce } from './send-once.ts';
import { SEND_PROBLEMS, sendHeaders } from './sent-answer.ts';
import { startBody } from './start-body.ts';
import { requestOf, type StartDeps } from './start-request.ts';
import { verificationSchema } from './verification-schema.ts';

// What it may name is looked up before it is read.
const readLater = reader(startBody, (body: unknown) => body);

export function createVerification(deps: StartDeps & Pick<AppDeps, 'startVerification'>): Operation<Caller> {
  return operation({
    id: 'createVerification',
    summary: 'Send a code',
    description: 'By SMS, by a call, or by a workflow of both. The code is checked here; no answer holds it.',
    tag: 'Verifications',
    body: readLater,
    idempotent: true,
    answers: {
      201: {
        description: 'It was accepted, and is on its way.',
        body: verificationSchema,
        headers: { ...sendHeaders, location: Type.String({ description: 'Where the verification is shown.' }) },
      },
    },
    problems: SEND_PROBLEMS,
    async handle(call) {
      const asked = askOf(call, deps.vault);
      const answer = await sendOnce(201, asked, deps, async () => {
        const { request, shown } = await requestOf(call, asked, deps);
        return { sent: await deps.startVerification(request), shown };
      });
      return { ...answer, headers: { ...answer.headers, location: `/v1/verifications/${answer.body.id}` } };
    },
  });
}
