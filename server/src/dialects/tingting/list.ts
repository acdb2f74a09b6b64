import type { FastifyRequest } from 'fastify';
import type { AppDeps } from '../../app-deps.ts';
import { callerOf } from './authenticate.ts';
import { listAnswer, listedOtp } from './list-answer.ts';
import { parseListQuery, type Query } from './list-query.ts';
import type { timeZones } from './zoned-time.ts';

type Deps = Pick<AppDeps, 'store' | 'vault' | 'clock' | 'publicUrl'>;

/**
 * `GET …/list/send-otps/`: what the account sent through this dialect, in both modes, newest first.
 *
 * @param path of the list itself: `next` and `previous` stand under the public URL, whatever the request calls the host
 */
export function listsOtps(deps: Deps, zones: ReturnType<typeof timeZones>, path: string) {
  const { store, vault, clock } = deps;
  return async (request: FastifyRequest) => {
    const { account } = callerOf(request);
    const query = request.query as Query;
    const zone = zones(account.timeZone);
    const digest = (e164: string) => vault.numberDigest(account.id, e164);
    const asked = parseListQuery(query, { country: account.country, zone, digest });
    const { filter, limit, offset } = asked;
    const [count, rows] = await Promise.all([
      store.otps.count(account.id, filter),
      store.otps.page(account.id, filter, limit, offset),
    ]);
    const now = clock.now();
    const revealFrom = now - account.settings.revealSeconds * 1000;
    const listed = rows.map((row) => listedOtp(row, { vault, zone, now, revealFrom }));
    return listAnswer(deps.publicUrl + path, query, asked, count, listed);
  };
}
