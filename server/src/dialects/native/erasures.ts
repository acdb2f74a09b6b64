import { Type } from '@sinclair/typebox';
import { actorOf } from '../../accounts/audit-log.ts';
import type { Caller } from '../../accounts/caller.ts';
import type { AppDeps } from '../../app-deps.ts';
import { erasureJson } from '../../retention/erase-number.ts';
import { answerObject } from './field-schemas.ts';
import { type Operation, operation } from './operation.ts';
import { readsJudged } from './reads-judged.ts';
import { mustOwnSettings } from './settings.ts';
import { numberFaults, numberOf, numberSchema } from './verifications/request-fields.ts';

const body = Type.Object({ to: numberSchema }, { additionalProperties: false, must: 'be an object' });

const count = (description: string) => Type.Integer({ minimum: 0, description });
export const erasureSchema = answerObject('Erasure', {
  canceled: count('Verifications that ran until then.'),
  sends: count('Codes that had been sent to it, by SMS or by call.'),
  verifications: count('Verifications among them.'),
  calls: count('Call records.'),
  handset_messages: count('Messages on the sandbox phone.'),
  handset_calls: count('Calls to the sandbox phone.'),
});

/** The number stands in the body: a path would be written down on the way. */
export function eraseNumber({ eraseNumber: erase }: Pick<AppDeps, 'eraseNumber'>): Operation<Caller> {
  return operation({
    id: 'eraseNumber',
    summary: 'Erase a number',
    description:
      'All that the account keeps of it, in both modes, for good: the number, what was said to it, and what counts against it. Records stay without it, so that credits still add up. Verifications that still run are canceled. 409 while something is on its way to it: ask again a moment later. Once the account is live, this needs a live key.',
    tag: 'Erasure',
    body: readsJudged(body, ({ to }, { account }: Caller) => numberFaults(to, account.country)),
    allow: mustOwnSettings,
    answers: { 200: { description: 'What was erased; zeros where there was nothing.', body: erasureSchema } },
    problems: ['conflict', 'forbidden'],
    async handle({ who, body: { to }, requestId }) {
      const erased = await erase(who.account, numberOf(to, who.account.country), { actor: actorOf(who), requestId });
      return { status: 200, body: erasureJson(erased) };
    },
  });
}
