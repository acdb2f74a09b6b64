import type { ApiKey } from '../../store/tables/keys.ts';

/** A key as `--json` shows it: never the key itself. */
export function keyDocument({ id, kind, mode, name, hint, createdAt, lastUsedAt, revokedAt }: ApiKey) {
  const time = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
  return {
    ...{ id, kind, mode, name, hint },
    created_at: time(createdAt),
    last_used_at: time(lastUsedAt),
    revoked_at: time(revokedAt),
  };
}
