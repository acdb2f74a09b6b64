import { Type } from '@sinclair/typebox';
import type { Caller } from '../../accounts/caller.ts';
import { drawKey, drawProductToken, keyRow } from '../../accounts/key.ts';
import type { AppDeps } from '../../app-deps.ts';
import { PassbellError } from '../../errors.ts';
import type { Mode } from '../../rules/accept.ts';
import type { ApiKey } from '../../store/tables/keys.ts';
import type { Handler } from './endpoint.ts';
import { pageOf, pageQuery } from './page.ts';
import { reads } from './reads.ts';

type Deps = Pick<AppDeps, 'store' | 'directory' | 'clock' | 'random' | 'ids'>;

const PREFIX = 'key_';
/** Working keys of an account. Nobody rotates more; a stolen key must not fill the store. */
const MOST_KEYS = 100;
const MAX_OVERLAP_SECONDS = 30 * 86_400;

const readNewKey = reads(
  Type.Object(
    {
      name: Type.String({ pattern: '^[^\\x00-\\x1f\\x7f]{1,100}$', must: 'have 1 to 100 characters' }),
      mode: Type.Optional(Type.Union([Type.Literal('test'), Type.Literal('live')], { must: 'be test or live' })),
      kind: Type.Optional(
        Type.Union([Type.Literal('api_key'), Type.Literal('product_token')], { must: 'be api_key or product_token' }),
      ),
    },
    { additionalProperties: false, must: 'be an object' },
  ),
);

const readEnd = reads(
  Type.Object(
    {
      after: Type.Optional(
        Type.String({ pattern: '^[0-9]{1,7}$', must: `be seconds from 0 to ${MAX_OVERLAP_SECONDS}` }),
      ),
    },
    { additionalProperties: false },
  ),
);

export function listKeys({ store }: Deps): Handler<Caller> {
  return async ({ who, query }) => {
    const asked = pageQuery(query);
    const { after } = asked;
    const keys = (await store.keys.list(who.account.id)).filter(({ id }) => after === null || id < after);
    return { status: 200, body: pageOf(keys, asked, ({ id }) => id, keyJson) };
  };
}

/** Makes a key, of the caller's mode if none is named. The key itself is in this answer and nowhere else. */
export function makeKey({ store, clock, random, ids }: Deps): Handler<Caller> {
  return async ({ who, body }) => {
    const { name, mode = who.mode, kind = 'api_key' } = readNewKey(body);
    mustReach(who, mode);
    const now = clock.now();
    const working = (await store.keys.list(who.account.id)).filter(
      ({ revokedAt }) => revokedAt === null || revokedAt > now,
    );
    if (working.length >= MOST_KEYS) throw new PassbellError('conflict', { field: 'key', reason: 'too_many_keys' });
    const key = kind === 'api_key' ? drawKey(mode, random) : drawProductToken(random);
    const row = keyRow(key, { id: ids(), accountId: who.account.id, kind, mode, name, createdAt: now });
    await store.keys.create(row);
    return { status: 201, body: { ...keyJson(row), key: key.reveal() } };
  };
}

/** Ends a key, at once or `?after=` seconds from now: time to bring its successor out. Asking again can only bring the end nearer. */
export function endKey({ store, clock, directory }: Deps): Handler<Caller> {
  return async ({ who, params, query }) => {
    const { after = '0' } = readEnd(query);
    if (Number(after) > MAX_OVERLAP_SECONDS) {
      const message = `must be seconds from 0 to ${MAX_OVERLAP_SECONDS}`;
      throw new PassbellError('invalid_request', { faults: [{ field: 'after', message }] });
    }
    const accountId = who.account.id;
    const find = async () => (await store.keys.list(accountId)).find(({ id }) => PREFIX + id === params['id']);
    const key = await find();
    if (key === undefined) throw new PassbellError('not_found', { what: 'key' });
    mustReach(who, key.mode);
    await store.keys.revoke(accountId, key.id, clock.now() + Number(after) * 1000);
    await directory.refresh();
    return { status: 200, body: keyJson((await find()) ?? key) };
  };
}

/** A test key lies about in build logs and on laptops: it must not open the way to real messages. */
function mustReach({ mode }: Caller, wanted: Mode): void {
  if (mode === 'test' && wanted === 'live') throw new PassbellError('forbidden', { reason: 'live_key_only' });
}

function keyJson({ id, kind, mode, name, hint, createdAt, lastUsedAt, revokedAt }: ApiKey) {
  return {
    ...{ id: PREFIX + id, kind, mode, name, hint },
    created_at: new Date(createdAt).toISOString(),
    last_used_at: lastUsedAt === null ? null : new Date(lastUsedAt).toISOString(),
    revoked_at: revokedAt === null ? null : new Date(revokedAt).toISOString(),
  };
}
