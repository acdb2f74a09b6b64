import { type Static, Type } from '@sinclair/typebox';
import type { Caller } from '../../../accounts/caller.ts';
import type { AppDeps } from '../../../app-deps.ts';
import type { Checked } from '../../../otp/verification.ts';
import { Secret } from '../../../values/secret.ts';
import { answerObject } from '../field-schemas.ts';
import { replayed } from '../idempotency-key.ts';
import { type Operation, operation } from '../operation.ts';
import { faultsOf, readsInto, readsJudged } from '../reads-judged.ts';
import { askOf } from './ask.ts';
import { noSuchVerification, verificationId, verificationParams } from './found.ts';
import { addressFaults, addressSchema, codeSchema, numberRead, numberSchema } from './request-fields.ts';
import { VERIFICATION } from './verification-json.ts';
import { statusSchema, verificationIdField } from './verification-schema.ts';

type Deps = Pick<AppDeps, 'verifications' | 'vault'>;

const fields = { code: codeSchema, ip: Type.Optional(addressSchema) };
const strict = { additionalProperties: false, must: 'be an object' };
const checkBody = Type.Object(fields, strict);
const checkByNumberBody = Type.Object({ to: numberSchema, ...fields }, strict);

const checkedSchema = answerObject('Checked', {
  id: verificationIdField,
  status: statusSchema,
  remaining_attempts: Type.Optional(
    Type.Integer({
      minimum: 0,
      description:
        'Wrong codes that are still looked at; present while it is pending. 0: this one locked the number, or the address in `ip`.',
    }),
  ),
});

const readCheck = readsJudged(checkBody, ({ ip }, _: Caller) => addressFaults(ip));
const readCheckByNumber = readsInto(checkByNumberBody, ({ to, code, ip }, { account }: Caller) => {
  const number = numberRead(to, account.country);
  const faults = [...faultsOf(number), ...addressFaults(ip)];
  if (code === undefined || 'faults' in number || faults.length > 0) return { faults };
  return { value: { number: number.value, code, ip } };
});

const ABOUT = {
  description:
    'A wrong code is counted, and a right one used up, before the answer leaves. Let the user in on the status `approved` alone: the same code again gets 404.',
  tag: 'Verifications',
  idempotent: true,
  answers: { 200: { description: 'What it came to.', body: checkedSchema } },
  problems: ['not_found', 'rate_limited'],
} as const;

export function checkCode({ verifications, vault }: Deps): Operation<Caller> {
  return operation({
    ...ABOUT,
    id: 'checkCode',
    summary: 'Check a code',
    params: verificationParams,
    body: readCheck,
    async handle(call) {
      const { code, ip = null } = call.body;
      const which = { id: verificationId(call.params), number: null };
      return checkedAnswer(await verifications.check({ ...askOf(call, vault), ...which, code: new Secret(code), ip }));
    },
  });
}

export function checkCodeByNumber({ verifications, vault }: Deps): Operation<Caller> {
  return operation({
    ...ABOUT,
    id: 'checkCodeByNumber',
    summary: 'Check a code by the number it was sent to',
    description: `Looks at the newest pending verification of the number. ${ABOUT.description}`,
    body: readCheckByNumber,
    async handle(call) {
      const { number, code, ip = null } = call.body;
      const which = { number, among: 'pending' } as const;
      return checkedAnswer(await verifications.check({ ...askOf(call, vault), ...which, code: new Secret(code), ip }));
    },
  });
}

function checkedAnswer(checked: Checked) {
  switch (checked.kind) {
    case 'approved':
      return answer({ id: VERIFICATION + checked.id, status: 'approved' }, checked.fresh);
    case 'wrong': {
      const { state: status, remaining, fresh } = checked;
      const left = status === 'pending' && { remaining_attempts: remaining };
      return answer({ id: VERIFICATION + checked.id, status, ...left }, fresh);
    }
    case 'final':
      // A code counts once: an application that reads "approved" alone would let the same code in twice.
      if (checked.state === 'approved') throw noSuchVerification();
      return answer({ id: VERIFICATION + checked.id, status: checked.state }, checked.fresh);
    case 'not_found':
      throw noSuchVerification();
    default:
      return checked satisfies never;
  }
}

function answer(body: Static<typeof checkedSchema>, fresh: boolean) {
  return { status: 200 as const, body, headers: replayed(fresh) };
}
