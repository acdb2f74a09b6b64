import { eventually } from '../service/eventually.ts';
import type { Deployment } from './on-each-store.ts';

/**
 * Resolves once nothing that was accepted waits to be sent any more. Credits may still be held then: kill -9 takes the sandbox phone's
 * receipts with it, and what they were for stays `submitted` until long after its code has died.
 */
export async function nothingQueued({ sql }: Deployment): Promise<void> {
  await eventually(
    () => sql("SELECT count(*) AS waiting FROM deliveries WHERE state = 'queued'"),
    ([row]) => Number(row?.['waiting']) === 0,
    60_000,
  );
}
