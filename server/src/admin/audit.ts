import { type Static, Type } from '@sinclair/typebox';
import type { AppDeps } from '../app-deps.ts';
import { answerObject, orNull, timeField } from '../dialects/native/field-schemas.ts';
import { type Operation, operation } from '../dialects/native/operation.ts';
import { noSuchCursor, pageAsked, pageFields, pageOf, pageSchema } from '../dialects/native/page.ts';
import { readsGiven } from '../dialects/native/reads.ts';
import { parseUtc } from '../dialects/utc-instant.ts';
import { PassbellError } from '../errors.ts';
import { AUDIT_ACTIONS, type AuditRow } from '../rules/audit.ts';
import type { ApiKey } from '../store/tables/keys.ts';

const INSTANT = 'be a time, as in 2026-01-31T09:30:00Z';
const instant = (description: string) => Type.Optional(Type.String({ maxLength: 40, must: INSTANT, description }));
const uuid = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';
const actions = AUDIT_ACTIONS.map((action) => Type.Literal(action));

const readQuery = readsGiven(
  Type.Object(
    {
      account: Type.Optional(Type.String({ pattern: uuid, description: 'Whose.', must: 'be the id of an account' })),
      actor: Type.Optional(
        Type.String({ maxLength: 60, description: 'By whom, as entries name them.', must: 'be an actor' }),
      ),
      action: Type.Optional(Type.Union(actions, { must: 'be an action, such as key.create' })),
      created_after: instant('RFC 3339; this moment included.'),
      created_before: instant('RFC 3339; this moment not included.'),
      ...pageFields,
    },
    { additionalProperties: false },
  ),
);

const entrySchema = answerObject('AuditEntry', {
  seq: Type.Integer({ minimum: 1, description: 'Its place in the chain, without gaps.' }),
  id: Type.String({ format: 'uuid', description: 'Unlike all others.' }),
  created_at: timeField('When it was done.'),
  actor: Type.String({
    description: '`key:…`, `admin_token:…` or `user:…` with an id; `cli`; `system`.',
    examples: ['key:0199a3c5-7e2b-7c41-9d0f-3b6a58c1e2f7'],
  }),
  action: Type.Union(actions),
  object: answerObject('AuditObject', {
    type: Type.String({ description: 'What it is.', examples: ['key'] }),
    id: Type.String({ description: 'Its id, or the name that it goes by.' }),
  }),
  account: orNull(Type.String({ format: 'uuid' }), { description: 'Whose it is; null: the operator’s.' }),
  request_id: orNull(Type.String(), { description: 'As the answer had it; null where there was no request.' }),
  detail: Type.Record(Type.String(), orNull(Type.Union([Type.String(), Type.Number(), Type.Boolean()])), {
    description: 'What more there is to know: names of fields, counts.',
  }),
  previous: Type.String({ description: 'The hash of the entry before it.' }),
  hash: Type.String({ description: 'SHA-256 over `previous` and all that the entry says.' }),
});

/** What was done, newest first. It is checked with `passbell audit verify`. */
export function listAudit({ store }: Pick<AppDeps, 'store'>): Operation<ApiKey> {
  return operation({
    id: 'listAudit',
    summary: 'The audit log, newest first',
    description: 'What was changed, by whom. Never a code, a number or a secret. Entries are kept for a year.',
    tag: 'Audit',
    query: readQuery,
    answers: { 200: { description: 'A page of entries.', body: pageSchema(entrySchema) } },
    async handle({ query }) {
      const { account, actor, action, created_after: after, created_before: before, ...page } = query;
      const asked = pageAsked(page);
      const filter = {
        ...(account !== undefined && { accountId: account }),
        ...(actor !== undefined && { actor }),
        ...(action !== undefined && { action }),
        ...(after !== undefined && { createdAfter: instantOf('created_after', after) }),
        ...(before !== undefined && { createdBefore: instantOf('created_before', before) }),
      };
      const found = await store.audit.list(filter, asked.limit + 1, asked.after);
      // One of another list, or of an entry that was trimmed since.
      if (found.length === 0 && asked.after !== null && !(await store.audit.has(asked.after))) throw noSuchCursor();
      return { status: 200, body: pageOf(found, asked, ({ id }) => id, auditJson) };
    },
  });
}

/** An entry as answers and the command line show it. */
export function auditJson(row: AuditRow): Static<typeof entrySchema> {
  const { seq, id, at, actor, action, objectType, objectId, accountId, requestId, detail, previous, hash } = row;
  return {
    ...{ seq, id, created_at: new Date(at).toISOString(), actor, action },
    object: { type: objectType, id: objectId },
    ...{ account: accountId, request_id: requestId, detail: { ...detail }, previous, hash },
  };
}

function instantOf(field: string, text: string): number {
  const at = parseUtc(text);
  if (at !== null) return at;
  throw new PassbellError('invalid_request', { faults: [{ field, message: `must ${INSTANT}` }] });
}
