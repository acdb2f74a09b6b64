import type { Caller } from '../../../accounts/caller.ts';
import type { AppDeps } from '../../../app-deps.ts';
import { type Operation, operation } from '../operation.ts';
import { sentTo, verificationAt, verificationParams } from './found.ts';
import { verificationJson } from './verification-json.ts';
import { verificationSchema } from './verification-schema.ts';

export function showVerification({
  store,
  vault,
  clock,
}: Pick<AppDeps, 'store' | 'vault' | 'clock'>): Operation<Caller> {
  return operation({
    id: 'showVerification',
    summary: 'Show a verification',
    description: 'With everything that was sent for it, and every try of it. Never the code.',
    tag: 'Verifications',
    params: verificationParams,
    answers: { 200: { description: 'The verification.', body: verificationSchema } },
    problems: ['not_found'],
    async handle({ who, params }) {
      const found = await verificationAt(who, params, store);
      return { status: 200, body: verificationJson(found, sentTo(found, vault), clock.now()) };
    },
  });
}
