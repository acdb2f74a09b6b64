import { Type } from '@sinclair/typebox';
import type { Pool } from '../../errors.ts';
import type { Balance } from '../../rules/accept.ts';
import type { CreditEntry, CreditStore } from '../../store/tables/credits.ts';
import { answerObject, orNull, timeField } from './field-schemas.ts';
import { type Page, type PageQuery, pageOf, pageSchema } from './page.ts';

const credits = (description: string) => Type.Integer({ description, examples: [120] });

export const poolSchema = answerObject('Credits', {
  available: credits('What can be spent: granted − held − captured.'),
  held: credits('Set aside for what is under way.'),
  captured: credits('Charged.'),
  granted: credits('All that was ever granted, less what was taken back.'),
});

export const balanceSchema = answerObject('Balance', { sms: poolSchema, voice: poolSchema });

const KINDS = ['grant', 'hold', 'capture', 'release'] as const satisfies readonly CreditEntry['kind'][];

const entrySchema = answerObject('LedgerEntry', {
  kind: Type.Union(
    KINDS.map((kind) => Type.Literal(kind)),
    { description: 'A hold ends in one capture (it was charged) or one release (it was not).' },
  ),
  pool: Type.Union([Type.Literal('sms'), Type.Literal('voice')]),
  amount: Type.Integer({ description: 'Whole credits; negative only in a grant that takes credits back.' }),
  subject: Type.String({
    format: 'uuid',
    description: 'The delivery of a hold, capture or release; a grant’s own id.',
  }),
  note: orNull(Type.String(), { description: 'What the operator wrote beside a grant.' }),
  created_at: timeField('When it was written.'),
});

export const ledgerSchema = pageSchema(entrySchema);

/** A balance as both APIs show it: granted = available + held + captured. */
export function balanceJson({ sms, voice }: Readonly<Record<Pool, Balance>>) {
  return { sms: poolJson(sms), voice: poolJson(voice) };
}

export function poolJson({ granted, held, captured }: Balance) {
  return { available: granted - held - captured, held, captured, granted };
}

/**
 * A page of an account's ledger. `limit` counts grants and deliveries: a hold and the capture or release that ends it share their
 * subject, and stay on one page.
 */
export async function ledgerPage(
  credits: CreditStore,
  accountId: string,
  asked: PageQuery,
): Promise<Page<ReturnType<typeof entryJson>>> {
  const bySubject = new Map<string, CreditEntry[]>();
  for (const entry of await credits.list(accountId, asked.limit + 1, asked.after)) {
    bySubject.set(entry.subject, [...(bySubject.get(entry.subject) ?? []), entry]);
  }
  const page = pageOf(
    [...bySubject],
    asked,
    ([subject]) => subject,
    ([, entries]) => entries.map(entryJson),
  );
  return { ...page, data: page.data.flat() };
}

function entryJson({ subject, kind, pool, amount, note, at }: CreditEntry) {
  return { kind, pool, amount, subject, note, created_at: new Date(at).toISOString() };
}
