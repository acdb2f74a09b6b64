import { sql } from 'kysely';
import { NUMBER_COUNTER } from '../../rules/judge-accept.ts';
import { countName } from '../counts.ts';
import type { Database } from '../schema.ts';
import { otpOf, otpRows } from './otp-rows.ts';
import type { OtpFilter, OtpStore } from './otps.ts';

/** Lists of otps, their tries, and the erasing of what was kept long enough. */
export function otpStore(db: Database): OtpStore {
  /** The account's counters that answer for `dialect`: how many otps it made, and how many integer ids were drawn in all. */
  async function counters(accountId: string, name: string): Promise<{ made: number; drawn: number }> {
    const rows = await db
      .selectFrom('counters')
      .select(['name', 'value'])
      .where('account_id', '=', accountId)
      .where('name', 'in', [name, NUMBER_COUNTER])
      .execute();
    const value = (of: string) => rows.find((row) => row.name === of)?.value ?? 0;
    return { made: value(name), drawn: value(NUMBER_COUNTER) };
  }

  return {
    async page(accountId, filter, limit, offset) {
      const rows = otpRows(db, accountId, filter);
      const dialect = dialectAlone(filter);
      const { made, drawn } = dialect ? await counters(accountId, countName(dialect)) : { made: -1, drawn: 0 };
      // Every integer id of the account is this dialect's: the offset is a number, and nothing before it is read.
      if (made === drawn) {
        const page = rows.where('otps.number', '<=', made - offset).where('otps.number', '>', made - offset - limit);
        return (await page.orderBy('otps.number', 'desc').execute()).map(otpOf);
      }
      return (await rows.orderBy('otps.id', 'desc').limit(limit).offset(offset).execute()).map(otpOf);
    },

    async count(accountId, filter) {
      const dialect = dialectAlone(filter);
      if (dialect) return (await counters(accountId, countName(dialect))).made;
      const { count } = await otpRows(db, accountId, filter)
        .clearSelect()
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      return Number(count);
    },

    async get(accountId, id) {
      const row = await otpRows(db, accountId, {}).where('otps.id', '=', id).executeTakeFirst();
      return row ? otpOf(row) : null;
    },

    async after(accountId, filter, limit, after) {
      const rows = otpRows(db, accountId, filter).orderBy('otps.id', 'desc').limit(limit);
      return (await (after === null ? rows : rows.where('otps.id', '<', after)).execute()).map(otpOf);
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

/** The filter's dialect, when it filters by nothing else. */
function dialectAlone({ dialect, ...rest }: OtpFilter) {
  return Object.values(rest).every((value) => value === undefined) ? dialect : undefined;
}
