import type { FastifyRequest } from 'fastify';
import { actorOf } from '../../accounts/audit-log.ts';
import { drawKey, keyRow } from '../../accounts/key.ts';
import type { AppDeps } from '../../app-deps.ts';
import { callerOf } from './authenticate.ts';
import type { timeZones } from './zoned-time.ts';

type Deps = Pick<AppDeps, 'store' | 'directory' | 'audit' | 'clock' | 'random' | 'ids'>;

/**
 * `POST …/generate-api-keys/`: a new token of the caller's mode. The account's other API keys of that mode stop working at
 * once on this node, within a second on the others; that includes the one that asked.
 */
export function generatesApiKey({ store, directory, audit, clock, random, ids }: Deps) {
  return async (request: FastifyRequest) => {
    const caller = callerOf(request);
    const { account, mode } = caller;
    const key = drawKey(mode, random);
    const now = clock.now();
    const about = {
      id: ids(),
      accountId: account.id,
      kind: 'api_key',
      mode,
      name: 'TingTing API',
      createdAt: now,
    } as const;
    await store.keys.rotate(keyRow(key, about), now);
    await directory.refresh();
    await audit({
      ...{ actor: actorOf(caller), requestId: request.id, action: 'key.rotate' },
      ...{ objectType: 'key', objectId: about.id, accountId: account.id, detail: { mode } },
    });
    // The one time that the token is shown: only its digest is stored.
    return { token: key.reveal(), message: 'New API token generated successfully' };
  };
}

/**
 * `GET …/get-api-keys/`: the newest token of the caller's mode that works. Only digests are stored, so `token` is its masked
 * form, `pb_live_…aB3x`, where the vendor shows the whole.
 */
export function showsApiKey({ store, clock }: Deps, zones: ReturnType<typeof timeZones>) {
  return async (request: FastifyRequest) => {
    const { account, mode } = callerOf(request);
    const keys = await store.keys.list(account.id);
    const now = clock.now();
    const key = keys.find(
      ({ kind, mode: its, revokedAt }) => kind === 'api_key' && its === mode && (revokedAt === null || revokedAt > now),
    );
    if (key === undefined) return { message: 'No API token found. Please generate one first.' };
    const { show } = zones(account.timeZone);
    return {
      token: key.hint,
      last_used: key.lastUsedAt === null ? null : show(key.lastUsedAt),
      created_at: show(key.createdAt),
    };
  };
}
