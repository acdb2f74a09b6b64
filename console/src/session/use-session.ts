import { useCallback, useEffect, useState } from 'react';
import { getStatus, Refused, type Status, signOut } from '../api.ts';

const REFRESH_MS = 5_000;

export type Session =
  | { readonly kind: 'asking' }
  | { readonly kind: 'signed_out'; readonly trouble: string | null }
  /** `stale`: the last answer did not come; `status` is from before. */
  | { readonly kind: 'signed_in'; readonly status: Status; readonly stale: boolean };

/** Who is signed in, and what runs: asked at once and every five seconds while the page can be seen. */
export function useSession() {
  const [session, setSession] = useState<Session>({ kind: 'asking' });

  const refresh = useCallback(async () => {
    try {
      const status = await getStatus();
      setSession({ kind: 'signed_in', status, stale: false });
    } catch (error) {
      setSession((before) => afterRefusal(before, error));
    }
  }, []);

  const leave = useCallback(async () => {
    await signOut().catch(() => {});
    await refresh();
  }, [refresh]);

  useEffect(() => {
    const look = () => {
      if (!document.hidden) void refresh();
    };
    look();
    const timer = setInterval(look, REFRESH_MS);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [refresh]);

  return { session, refresh, leave };
}

function afterRefusal(before: Session, error: unknown): Session {
  if (error instanceof Refused && error.status === 401) return { kind: 'signed_out', trouble: null };
  if (before.kind === 'signed_in') return { ...before, stale: true };
  return { kind: 'signed_out', trouble: error instanceof Error ? error.message : String(error) };
}
