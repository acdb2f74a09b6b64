import { Type } from '@sinclair/typebox';
import type { Caller } from '../../accounts/caller.ts';
import { drawKey, drawProductToken, keyRow } from '../../accounts/key.ts';
import type { AppDeps } from '../../app-deps.ts';
import { PassbellError } from '../../errors.ts';
import type { Mode } from '../../rules/accept.ts';
import type { ApiKey } from '../../store/tables/keys.ts';
import { answerObject, idField, orNull, timeField } from './field-schemas.ts';
import { type Operation, operation } from './operation.ts';
import { pageOf, pageQuery, pageSchema } from './page.ts';
import { reads } from './reads.ts';
import { readsJudged } from './reads-judged.ts';

type Deps = Pick<AppDeps, 'store' | 'directory' | 'clock' | 'random' | 'ids'>;

const PREFIX = 'key_';
/** Working keys of an account. Nobody rotates more; a stolen key must not fill the store. */
const MOST_KEYS = 100;
const MAX_OVERLAP_SECONDS = 30 * 86_400;

const modeField = Type.Union([Type.Literal('test'), Type.Literal('live')], { must: 'be test or live' });
const kindField = Type.Union([Type.Literal('api_key'), Type.Literal('product_token')], {
  description: 'A product token is for CM.com’s API alone.',
  must: 'be api_key or product_token',
});

const newKey = Type.Object(
  {
    name: Type.String({
      pattern: '^[^\\x00-\\x1f\\x7f]{1,100}$',
      description: 'What people know it by, 1 to 100 characters.',
      examples: ['shop, from March on'],
      must: 'have 1 to 100 characters, none of them a control character',
    }),
    mode: Type.Optional({ ...modeField, description: 'That of the key that asks, unless said.' }),
    kind: Type.Optional(kindField),
  },
  { additionalProperties: false, must: 'be an object' },
);

const endQuery = Type.Object(
  {
    after: Type.Optional(
      Type.String({
        pattern: '^[0-9]{1,7}$',
        description: `Seconds for which it still works, at most ${MAX_OVERLAP_SECONDS} (30 days); 0 unless said.`,
        examples: ['86400'],
        must: `be seconds from 0 to ${MAX_OVERLAP_SECONDS}`,
      }),
    ),
  },
  { additionalProperties: false },
);

const id = idField(PREFIX, 'a key');
const shown = {
  id,
  kind: kindField,
  mode: modeField,
  name: Type.String({ description: 'What people know it by.' }),
  hint: Type.String({
    description: 'Its beginning and its end: what people recognise it by.',
    examples: ['pb_test_…w3Kd'],
  }),
  created_at: timeField('When it was made.'),
  last_used_at: orNull(timeField('About when it was used last.')),
  revoked_at: orNull(timeField('From when it no longer works.'), {
    description: 'From when it no longer works; null: it works on.',
  }),
};
const keySchema = answerObject('Key', shown);
const madeKeySchema = answerObject('NewKey', {
  ...shown,
  key: Type.String({ description: 'The key itself: it is in this answer and nowhere else.', examples: ['pb_test_…'] }),
});

export function listKeys({ store }: Deps): Operation<Caller> {
  return operation({
    id: 'listKeys',
    summary: 'List keys',
    description: 'Newest first; those that no longer work are among them. A test key sees test keys alone.',
    tag: 'Keys',
    query: pageQuery,
    answers: { 200: { description: 'A page of keys.', body: pageSchema(keySchema) } },
    async handle({ who, query }) {
      const { after } = query;
      const keys = (await keysSeen(store, who)).filter(({ id }) => after === null || id < after);
      return { status: 200, body: pageOf(keys, query, ({ id }) => id, keyJson) };
    },
  });
}

/** Makes a key, of the caller's mode if none is named. The key itself is in this answer and nowhere else. */
export function makeKey({ store, clock, random, ids }: Deps): Operation<Caller> {
  return operation({
    id: 'makeKey',
    summary: 'Make a key',
    description: `An account has at most ${MOST_KEYS} that work. A test key makes test keys alone.`,
    tag: 'Keys',
    body: reads(newKey),
    answers: { 201: { description: 'The key, this once.', body: madeKeySchema } },
    problems: ['conflict'],
    async handle({ who, body }) {
      const { name, mode = who.mode, kind = 'api_key' } = body;
      mustReach(who, mode);
      const now = clock.now();
      const key = kind === 'api_key' ? drawKey(mode, random) : drawProductToken(random);
      const accountId = who.account.id;
      const row = { ...keyRow(key, { id: ids(), accountId, kind, mode, name, createdAt: now }), accountId };
      if (!(await store.keys.add(row, MOST_KEYS, now))) {
        throw new PassbellError('conflict', { field: 'key', reason: 'too_many_keys' });
      }
      return { status: 201, body: { ...keyJson(row), key: key.reveal() } };
    },
  });
}

/** Ends a key, at once or `?after=` seconds from now: time to bring its successor out. Asking again can only bring the end nearer. */
export function endKey({ store, clock, directory }: Deps): Operation<Caller> {
  return operation({
    id: 'endKey',
    summary: 'End a key',
    description:
      'At once, or after a while: time to bring its successor out. Asking again can only bring the end nearer. A test key ends test keys alone.',
    tag: 'Keys',
    params: { id },
    query: readsJudged(endQuery, ({ after = '0' }) =>
      Number(after) > MAX_OVERLAP_SECONDS
        ? [{ field: 'after', message: `must be seconds from 0 to ${MAX_OVERLAP_SECONDS}` }]
        : [],
    ),
    answers: { 200: { description: 'It works until `revoked_at`.', body: keySchema } },
    async handle({ who, params, query: { after = '0' } }) {
      const find = async () => (await keysSeen(store, who)).find(({ id }) => PREFIX + id === params['id']);
      const key = await find();
      if (key === undefined) throw new PassbellError('not_found', { what: 'key' });
      await store.keys.revoke(who.account.id, key.id, clock.now() + Number(after) * 1000);
      await directory.refresh();
      return { status: 200, body: keyJson((await find()) ?? key) };
    },
  });
}

/** All keys of the account; to a test key there are no live ones. */
async function keysSeen({ keys }: Deps['store'], { account, mode }: Caller): Promise<readonly ApiKey[]> {
  const found = await keys.list(account.id);
  return mode === 'live' ? found : found.filter((key) => key.mode === 'test');
}

/** A test key lies about in build logs and on laptops: it must not open the way to real messages. */
function mustReach({ mode }: Caller, wanted: Mode): void {
  if (mode === 'test' && wanted === 'live') throw new PassbellError('forbidden', { reason: 'live_key_only' });
}

function keyJson({ id, kind, mode, name, hint, createdAt, lastUsedAt, revokedAt }: ApiKey) {
  if (kind === 'admin_token') throw new Error('an admin token in an account');
  return {
    ...{ id: PREFIX + id, kind, mode, name, hint },
    created_at: new Date(createdAt).toISOString(),
    last_used_at: lastUsedAt === null ? null : new Date(lastUsedAt).toISOString(),
    revoked_at: revokedAt === null ? null : new Date(revokedAt).toISOString(),
  };
}
