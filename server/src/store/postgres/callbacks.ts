import { type CallbackDue, copyId } from '../../rules/callback.ts';
import type { CallbackResult, CallbackSpread, CallbackStore, ClaimedCallback } from '../tables/callbacks.ts';
import { bigints, integers, texts, uuids } from './binary-array.ts';
import type { Connections } from './connections.ts';
import { NOW } from './leases.ts';

// Whose node stopped: a few look-ups in the index, not a walk along it.
const FREE = `WITH RECURSIVE owner AS (
    (SELECT node FROM callbacks WHERE state = 'pending' AND node IS NOT NULL ORDER BY node LIMIT 1)
    UNION ALL
    SELECT (SELECT c.node FROM callbacks c WHERE c.state = 'pending' AND c.node IS NOT NULL AND c.node > owner.node
      ORDER BY c.node LIMIT 1)
    FROM owner WHERE owner.node IS NOT NULL
  ), dead AS (
    SELECT node FROM owner WHERE node IS NOT NULL AND node <> $1 AND NOT EXISTS (
      SELECT 1 FROM nodes WHERE nodes.node = owner.node AND taken_at IS NULL AND alive_until > ${NOW})
  ), free AS (
    SELECT account_id, id FROM callbacks WHERE state = 'pending' AND node IN (SELECT node FROM dead)
    FOR NO KEY UPDATE SKIP LOCKED
  )
  UPDATE callbacks c SET node = NULL FROM free WHERE c.account_id = free.account_id AND c.id = free.id`;

const TAKE = `WITH due AS (
    SELECT account_id, id FROM callbacks WHERE state = 'pending' AND node IS NULL AND due_at <= $2
    ORDER BY due_at LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED
  )
  UPDATE callbacks c SET node = $1 FROM due WHERE c.account_id = due.account_id AND c.id = due.id
  RETURNING c.account_id AS "accountId", c.id, c.subject_id AS "subjectId", c.event, c.receiver, c.created_at AS "createdAt", c.attempts`;

const ADDRESS = {
  name: 'address callbacks',
  text: `UPDATE callbacks c SET receiver = new.receiver
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) AS new (account_id, id, node, receiver)
    WHERE c.account_id = new.account_id AND c.id = new.id AND c.node = new.node AND c.state = 'pending'
      AND (c.receiver IS NULL OR c.receiver = new.receiver)
    RETURNING c.account_id AS "accountId", c.id, c.subject_id AS "subjectId", c.event, c.created_at AS "createdAt", c.node`,
};

const COPY = {
  name: 'copy callbacks',
  text: `INSERT INTO callbacks (account_id, id, subject_id, event, receiver, state, attempts, node, due_at, created_at)
    SELECT account_id, id, subject_id, event, receiver, 'pending', 0, node, created_at, created_at
    FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::bigint[])
      AS new (account_id, id, subject_id, event, receiver, node, created_at)
    ON CONFLICT DO NOTHING`,
};

const SETTLE = {
  name: 'settle callbacks sent',
  text: `UPDATE callbacks c SET state = coalesce(new.state, 'pending'), receiver = new.receiver, attempts = new.attempts,
      status = new.status, node = NULL,
      due_at = coalesce(new.due_at, c.due_at), final_at = CASE WHEN new.state IS NULL THEN NULL ELSE $9::bigint END
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::integer[], $6::integer[], $7::text[], $8::bigint[])
      AS new (account_id, id, node, receiver, attempts, status, state, due_at)
    WHERE c.account_id = new.account_id AND c.id = new.id AND c.node = new.node AND c.state = 'pending'`,
};

const REMOVE = {
  name: 'remove callbacks',
  text: `DELETE FROM callbacks c USING unnest($1::uuid[], $2::text[], $3::text[]) AS old (account_id, id, node)
    WHERE c.account_id = old.account_id AND c.id = old.id AND c.node = old.node AND c.state = 'pending'`,
};

/** The outbox's hot path. */
export function postgresCallbacks(connections: Connections): Pick<CallbackStore, 'claim' | 'spread' | 'settle'> {
  return {
    claim: (node, now, limit) =>
      connections.commit(async (connection) => {
        await connection.query(FREE, [node]);
        const { rows } = await connection.query<ClaimedCallback & Record<string, unknown>>(TAKE, [node, now, limit]);
        return rows;
      }),
    spread: (spreads) =>
      connections.commit(async (connection, behind) => {
        const { rows } = await connection.query<Addressed>(ADDRESS, addressColumns(inOneOrder(spreads)));
        const addressed = new Map(rows.map((row) => [keyOf(row), row]));
        const found = spreads.map((one) => {
          const row = addressed.get(keyOf(one));
          return row?.node === one.node ? row : undefined;
        });
        const copies = spreads.flatMap((one, i) => copiesOf(found[i], one));
        if (copies.length > 0) behind(connection.query(COPY, copyColumns(copies)));
        return found.map((row) => row !== undefined);
      }),
    async settle(results, now) {
      const rows = inOneOrder(results);
      const told = rows.filter(({ next }) => next.kind !== 'unwanted');
      const unwanted = rows.filter(({ next }) => next.kind === 'unwanted');
      await connections.commit(async (connection, behind) => {
        if (told.length > 0) behind(connection.query(SETTLE, [...columnsOf(told), now]));
        if (unwanted.length > 0) behind(connection.query(REMOVE, keyColumns(unwanted)));
      });
    },
  };
}

interface Keyed {
  readonly accountId: string;
  readonly id: string;
}

function keyOf({ accountId, id }: Keyed): string {
  return `${accountId} ${id}`;
}

/** On every node alike: two batches must not wait for each other. */
function inOneOrder<Row extends Keyed>(rows: readonly Row[]): readonly Row[] {
  return rows.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

type Addressed = CallbackDue & { readonly node: string } & Record<string, unknown>;

/** Which rows, and whose they must be. */
function keyColumns(rows: readonly (Keyed & { readonly node: string })[]): readonly Buffer[] {
  return [
    uuids(rows.map((one) => one.accountId)),
    texts(rows.map((one) => one.id)),
    texts(rows.map((one) => one.node)),
  ];
}

function addressColumns(spreads: readonly CallbackSpread[]): readonly Buffer[] {
  return [...keyColumns(spreads), texts(spreads.map(({ receivers: [first = ''] }) => first))];
}

interface Copy extends CallbackDue {
  readonly node: string;
  readonly receiver: string;
}

function copiesOf(row: Addressed | undefined, { receivers: [, ...others] }: CallbackSpread): Copy[] {
  return row === undefined ? [] : others.map((receiver) => ({ ...row, id: copyId(row.id, receiver), receiver }));
}

function copyColumns(copies: readonly Copy[]): readonly Buffer[] {
  return [
    uuids(copies.map((one) => one.accountId)),
    texts(copies.map((one) => one.id)),
    uuids(copies.map((one) => one.subjectId)),
    texts(copies.map((one) => one.event)),
    texts(copies.map((one) => one.receiver)),
    texts(copies.map((one) => one.node)),
    bigints(copies.map((one) => one.createdAt)),
  ];
}

function columnsOf(results: readonly CallbackResult[]): readonly Buffer[] {
  return [
    ...keyColumns(results),
    texts(results.map((one) => one.receiver)),
    integers(results.map((one) => one.attempts)),
    integers(results.map((one) => one.status)),
    texts(results.map(({ next }) => (next.kind === 'retry' ? null : next.kind))),
    bigints(results.map(({ next }) => (next.kind === 'retry' ? next.dueAt : null))),
  ];
}
