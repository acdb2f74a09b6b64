import { type Balance, balanceKey } from '../../rules/accept.ts';
import type { DeliveryRow, Outcome, Receipt } from '../../rules/outcome.ts';
import { deliveryKey, type PartRow, partKey, type SettleState } from '../../rules/settle.ts';
import { integers, texts, uuids } from './binary-array.ts';
import type { Connection } from './connections.ts';
import { lockShelf } from './receipt-shelf.ts';

// A carrier may use an id again after it has wrapped: the receipt is for the message that was sent last.
const FIND = {
  name: 'settle find parts',
  text: `SELECT found.* FROM unnest($1::text[], $2::text[]) AS wanted (carrier, message_id) CROSS JOIN LATERAL (
      SELECT account_id AS "accountId", delivery_id AS "deliveryId", n, part, carrier, message_id AS "messageId", receipt
      FROM attempts WHERE attempts.carrier = wanted.carrier AND attempts.message_id = wanted.message_id
      ORDER BY at DESC LIMIT 1
    ) AS found`,
};
// In one order on every node: deliveries, then balances, each by its key, so that two batches never wait for each other.
const DELIVERIES = {
  name: 'settle deliveries',
  text: `SELECT account_id AS "accountId", id, otp_id AS "otpId", channel, pool, credits, state, node, carrier, tries, parts,
      parts_delivered AS "partsDelivered", settled = 1 AS settled, callback = 1 AS callback,
      verification = 1 AS verification
    FROM deliveries JOIN unnest($1::uuid[], $2::uuid[]) AS wanted (account_id, id) USING (account_id, id)
    ORDER BY account_id, id FOR NO KEY UPDATE OF deliveries`,
};
const BALANCES = {
  name: 'settle balances',
  text: `SELECT account_id, pool, granted, held, captured FROM balances WHERE account_id = ANY ($1::uuid[])
    ORDER BY account_id, pool FOR NO KEY UPDATE`,
};
const PARTS = {
  name: 'settle parts',
  text: `SELECT account_id AS "accountId", delivery_id AS "deliveryId", n, part, carrier, message_id AS "messageId", receipt
    FROM attempts JOIN unnest($1::uuid[], $2::uuid[], $3::integer[], $4::integer[]) AS wanted (account_id, delivery_id, n, part)
      USING (account_id, delivery_id, n, part)`,
};
const PARKED = {
  name: 'settle parked',
  text: `SELECT carrier, message_id AS "messageId", state, code, at FROM parked_receipts
    JOIN unnest($1::text[], $2::text[]) AS wanted (carrier, message_id) USING (carrier, message_id)`,
};

export async function loadSettle(
  connection: Connection,
  outcomes: readonly Outcome[],
  receipts: readonly Receipt[],
): Promise<SettleState> {
  const submitted = submittedIds(outcomes);
  const found = await lockShelf(connection, receipts, submitted.length > 0, () => findParts(connection, receipts));
  const wanted = [...outcomes, ...found];
  const [deliveries, balances, parts, parked] = await Promise.all([
    lockDeliveries(connection, wanted),
    lockBalances(connection, wanted),
    loadParts(connection, found),
    loadParked(connection, submitted),
  ]);
  return { deliveries, balances, parts, parked };
}

interface DeliveryKey {
  readonly accountId: string;
  readonly deliveryId: string;
}
type MessageId = Pick<Receipt, 'carrier' | 'messageId'>;

function submittedIds(outcomes: readonly Outcome[]): MessageId[] {
  return outcomes.flatMap(({ attempt }) =>
    (attempt?.parts ?? []).flatMap(({ messageId }) =>
      messageId === null || attempt === null ? [] : { carrier: attempt.carrier, messageId },
    ),
  );
}

async function findParts(connection: Connection, receipts: readonly MessageId[]): Promise<readonly PartRow[]> {
  if (receipts.length === 0) return [];
  const unique = [...new Map(receipts.map((one) => [partKey(one.carrier, one.messageId), one])).values()];
  return (await connection.query<PartRow & Record<string, unknown>>(FIND, idColumns(unique))).rows;
}

async function lockDeliveries(
  connection: Connection,
  wanted: readonly DeliveryKey[],
): Promise<ReadonlyMap<string, DeliveryRow>> {
  const unique = [...new Map(wanted.map((one) => [deliveryKey(one.accountId, one.deliveryId), one])).values()];
  if (unique.length === 0) return new Map();
  const { rows } = await connection.query<DeliveryRow & Record<string, unknown>>(DELIVERIES, [
    uuids(unique.map(({ accountId }) => accountId)),
    uuids(unique.map(({ deliveryId }) => deliveryId)),
  ]);
  return new Map(rows.map((row) => [deliveryKey(row.accountId, row.id), row]));
}

async function lockBalances(
  connection: Connection,
  wanted: readonly DeliveryKey[],
): Promise<ReadonlyMap<string, Balance>> {
  const accounts = new Set(wanted.map(({ accountId }) => accountId));
  if (accounts.size === 0) return new Map();
  const { rows } = await connection.query<{ account_id: string; pool: 'sms' | 'voice' } & Balance>(BALANCES, [
    uuids([...accounts]),
  ]);
  return new Map(rows.map((row) => [balanceKey(row.account_id, row.pool), row]));
}

/** The parts once more, now that their deliveries are locked: a receipt that was counted meanwhile must not count again. */
async function loadParts(connection: Connection, found: readonly PartRow[]): Promise<ReadonlyMap<string, PartRow>> {
  if (found.length === 0) return new Map();
  const { rows } = await connection.query<PartRow & Record<string, unknown>>(PARTS, [
    uuids(found.map(({ accountId }) => accountId)),
    uuids(found.map(({ deliveryId }) => deliveryId)),
    integers(found.map(({ n }) => n)),
    integers(found.map(({ part }) => part)),
  ]);
  return new Map(rows.map((row) => [partKey(row.carrier, row.messageId), row]));
}

async function loadParked(
  connection: Connection,
  submitted: readonly MessageId[],
): Promise<ReadonlyMap<string, Receipt>> {
  if (submitted.length === 0) return new Map();
  const { rows } = await connection.query<Receipt & Record<string, unknown>>(PARKED, idColumns(submitted));
  return new Map(rows.map((row) => [partKey(row.carrier, row.messageId), row]));
}

function idColumns(ids: readonly MessageId[]): [Buffer, Buffer] {
  return [texts(ids.map(({ carrier }) => carrier)), texts(ids.map(({ messageId }) => messageId))];
}
