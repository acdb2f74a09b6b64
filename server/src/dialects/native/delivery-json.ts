import { type Static, Type } from '@sinclair/typebox';
import type { Dialect } from '../../rules/accept.ts';
import { type DeliveryState, REASONS } from '../../rules/outcome.ts';
import type { AttemptRow } from '../../store/tables/otps.ts';
import { answerObject, orNull, timeField } from './field-schemas.ts';

const DIALECTS = ['tingting', 'octopush', 'cm', 'native'] as const satisfies readonly Dialect[];
const STATES = [
  'queued',
  'submitted',
  'sent',
  'delivered',
  'undelivered',
  'failed',
  'expired',
] as const satisfies readonly DeliveryState[];
const OUTCOMES = ['accepted', 'refused', 'unknown', 'not_sent'] as const satisfies readonly AttemptRow['outcome'][];

const modeSchema = Type.Union([Type.Literal('test'), Type.Literal('live')], {
  description: '`test`: the sandbox phone’s. `live`: a real one.',
});
const dialectSchema = Type.Union(
  DIALECTS.map((dialect) => Type.Literal(dialect)),
  { description: 'Whose API it was asked for with.' },
);

/** Whose it is: of verifications and of messages. */
export const provenance = { mode: modeSchema, dialect: dialectSchema };

const trySchema = answerObject('Try', {
  n: Type.Integer({ minimum: 1, description: 'Which try it was.' }),
  part: Type.Integer({ minimum: 1, description: 'Which part of the message; 1 of a call.' }),
  carrier: Type.String({ description: 'The carrier or trunk that was tried.' }),
  outcome: Type.Union(
    OUTCOMES.map((outcome) => Type.Literal(outcome)),
    { description: '`unknown`: no answer came, and it may have been taken.' },
  ),
  code: orNull(Type.Integer(), { description: 'The carrier’s own code.' }),
  at: timeField('When.'),
  receipt: orNull(Type.Union([Type.Literal('delivered'), Type.Literal('failed')]), {
    description: 'What the carrier reported later.',
  }),
  receipt_code: orNull(Type.String(), { description: 'The carrier’s own code in it.' }),
  receipt_at: orNull(timeField('When it came.')),
});

/** What became of a delivery: of messages, and of what was sent for a verification. */
export const progress = {
  carrier: orNull(Type.String(), { description: 'The carrier or trunk that was tried last.' }),
  state: Type.Union(
    STATES.map((state) => Type.Literal(state)),
    { description: '`queued`, `submitted` (a carrier has it), then one of the others, for good.' },
  ),
  reason: orNull(Type.Union(REASONS.map((reason) => Type.Literal(reason))), {
    description: 'Why it did not arrive.',
  }),
  credits: Type.Integer({ minimum: 0, description: 'Held for it, then charged; 0 once it came to nothing.' }),
  created_at: timeField('When it was accepted.'),
  submitted_at: orNull(timeField('When a carrier took it.')),
  ended_at: orNull(timeField('When it came to its last state.')),
  tries: Type.Array(trySchema, { description: 'In order; one for each part of a message.' }),
};

interface Progress {
  readonly carrier: string | null;
  readonly state: DeliveryState;
  readonly reason: (typeof REASONS)[number] | null;
  readonly credits: number;
  readonly createdAt: number;
  readonly submittedAt: number | null;
  readonly finalAt: number | null;
  readonly tries: readonly AttemptRow[];
}

export function progressJson({ carrier, state, reason, credits, createdAt, submittedAt, finalAt, tries }: Progress) {
  const isVain = state === 'undelivered' || state === 'failed' || state === 'expired';
  return {
    ...{ carrier, state, reason },
    credits: isVain ? 0 : credits,
    created_at: time(createdAt),
    submitted_at: timeOrNull(submittedAt),
    ended_at: timeOrNull(finalAt),
    tries: tries.map(tryJson),
  };
}

function tryJson(attempt: AttemptRow): Static<typeof trySchema> {
  const { n, part, carrier, outcome, code, at, receipt, receiptCode, receiptAt } = attempt;
  return {
    ...{ n, part, carrier, outcome, code, at: time(at), receipt },
    receipt_code: receiptCode,
    receipt_at: timeOrNull(receiptAt),
  };
}

/** @param ms since the epoch */
export function time(ms: number): string {
  return new Date(ms).toISOString();
}

export function timeOrNull(ms: number | null): string | null {
  return ms === null ? null : time(ms);
}
