import { sql } from 'kysely';
import { countsOf } from '../counts.ts';
import type { Database } from '../schema.ts';
import { filteredOtps, otpOf, withDelivery } from './otp-rows.ts';
import type { OtpFilter, OtpStore } from './otps.ts';

/** Lists of otps, their tries, and the erasing of what was kept long enough. */
export function otpStore(db: Database): OtpStore {
  /** How many otps there are in all and how many pass the filter, when the counters can tell. */
  async function counted(accountId: string, { dialect, channel, ...rest }: OtpFilter) {
    if (Object.values(rest).some((value) => value !== undefined)) return undefined;
    const counters = await db
      .selectFrom('counters')
      .select(['name', 'value'])
      .where('account_id', '=', accountId)
      .execute();
    return countsOf(counters, dialect, channel);
  }

  return {
    async page(accountId, filter, limit, offset) {
      const counts = await counted(accountId, filter);
      const rows = withDelivery(filteredOtps(db, accountId, filter)).orderBy('otps.ordinal', 'desc');
      // Every otp of the account passes: the offset is an ordinal, and nothing before it is read.
      if (counts !== undefined && counts.passing === counts.all) {
        const first = counts.all - offset;
        const page = rows.where('otps.ordinal', '<=', first).where('otps.ordinal', '>', first - limit);
        return (await page.execute()).map(otpOf);
      }
      return (await rows.limit(limit).offset(offset).execute()).map(otpOf);
    },

    async count(accountId, filter) {
      const counts = await counted(accountId, filter);
      if (counts !== undefined) return counts.passing;
      const { count } = await filteredOtps(db, accountId, filter)
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      return Number(count);
    },

    async get(accountId, id) {
      const row = await withDelivery(filteredOtps(db, accountId, {}))
        .where('otps.id', '=', id)
        .executeTakeFirst();
      return row ? otpOf(row) : null;
    },

    async after(accountId, filter, limit, after) {
      const rows = withDelivery(filteredOtps(db, accountId, filter))
        .orderBy('otps.ordinal', 'desc')
        .limit(limit);
      if (after === null) return (await rows.execute()).map(otpOf);
      const last = db.selectFrom('otps as last').select('last.ordinal').where('last.account_id', '=', accountId);
      return (await rows.where('otps.ordinal', '<', last.where('last.id', '=', after)).execute()).map(otpOf);
    },

    async attempts(accountId, deliveryId) {
      return db
        .selectFrom('attempts')
        .select(['n', 'part', 'carrier', 'outcome', 'code', 'at', 'receipt'])
        .select(['receipt_code as receiptCode', 'receipt_at as receiptAt'])
        .where('account_id', '=', accountId)
        .where('delivery_id', '=', deliveryId)
        .orderBy('n')
        .orderBy('part')
        .execute();
    },

    async eraseContent(now, limit) {
      // The digest goes with the content: past its keeping time a code is not checked either.
      const { numUpdatedRows } = await db
        .updateTable('otps')
        .set({ content_sealed: null, code_digest: null })
        .where(({ eb, refTuple, selectFrom }) =>
          eb(
            refTuple('account_id', 'id'),
            'in',
            selectFrom('otps as old')
              .select(['old.account_id', 'old.id'])
              .where('old.content_sealed', 'is not', null)
              .where('old.keep_content_until', '<=', now)
              .where(({ not, exists, selectFrom: select }) =>
                not(
                  exists(
                    select('deliveries')
                      .select(sql.lit(1).as('one'))
                      .whereRef('deliveries.account_id', '=', 'old.account_id')
                      .whereRef('deliveries.id', '=', 'old.delivery_id')
                      .where('deliveries.state', '=', 'queued'),
                  ),
                ),
              )
              .orderBy('old.keep_content_until')
              .limit(limit)
              .$asTuple('account_id', 'id'),
          ),
        )
        .executeTakeFirstOrThrow();
      return Number(numUpdatedRows);
    },
  };
}
