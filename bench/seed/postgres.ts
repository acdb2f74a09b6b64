import pg from 'pg';
import {
  type CellWriter,
  copyStatement,
  countersOf,
  idTail,
  madeAt,
  NO_TEMPLATE,
  RECIPE,
  TEMPLATE_QUERY,
  type Template,
} from './recipe.ts';

/** Copies the newest delivered code of a PostgreSQL store `rows` times, within its account. No service may run on it meanwhile. */
export async function seedPostgres(url: string, rows: number, now: number): Promise<void> {
  const db = new pg.Client({ connectionString: url });
  await db.connect();
  try {
    await db.query("SET synchronous_commit = off; SET maintenance_work_mem = '1GB'");
    const template = (await db.query<Template>(TEMPLATE_QUERY)).rows[0];
    if (!template) throw new Error(NO_TEMPLATE);
    const { account, delivery, pool } = template;
    const write = cellWriter(template, madeAt(rows, now));
    const series = `WITH series AS (SELECT generate_series(1, ${rows}::bigint) AS n)`;
    for (const recipe of RECIPE) {
      const found = await db.query<{ name: string }>(
        `SELECT attname AS name FROM pg_attribute
         WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`,
        [recipe.table],
      );
      const names = found.rows.map(({ name }) => name);
      const copy = copyStatement(recipe, names, write, { account: '$1', delivery: '$2' });
      await withoutIndexes(db, recipe.table, () => db.query(`${series} ${copy}`, [account, delivery]));
    }
    await db.query('UPDATE counters SET value = value + $1 WHERE account_id = $2 AND name = ANY($3)', [
      rows,
      account,
      countersOf(template),
    ]);
    await db.query('UPDATE balances SET captured = captured + $1 WHERE account_id = $2 AND pool = $3', [
      rows * Number(template.credits),
      account,
      pool,
    ]);
    // What the server would do over the days in which such a store grows; else it does it during the run.
    for (const { table } of RECIPE) await db.query(`VACUUM (ANALYZE) ${table}`);
    await db.query('CHECKPOINT');
  } finally {
    await db.end();
  }
}

function cellWriter({ made, ordinal, number }: Template, time: string): CellWriter {
  const hex = (value: string, digits: number) => `lpad(to_hex(${value}), ${digits}, '0')`;
  return (cell, column) => {
    switch (cell) {
      case 'otp id':
      case 'delivery id': {
        const parts = [
          hex(`${time} >> 16`, 8),
          hex(`${time} & 65535`, 4),
          `'7' || ${hex('series.n & 4095', 3)}`,
          `'8000'`,
        ];
        return `(${[...parts, hex(idTail(cell), 12)].join(` || '-' || `)})::uuid`;
      }
      case 'time':
        return `${column} - ${made} + ${time}`;
      case 'ordinal':
        return `${ordinal} + series.n`;
      case 'number':
        return number === null ? 'NULL' : `${number} + series.n`;
      case 'random':
        return `rpad(md5(series.n || ${column}), length(${column}), '0')`;
      case 'own':
      case 'nothing':
        return 'NULL';
    }
  };
}

/** An index built over the finished table takes a third of the time of one kept up row by row. Those of constraints stay. */
async function withoutIndexes(db: pg.Client, table: string, fill: () => Promise<unknown>): Promise<void> {
  const { rows: indexes } = await db.query<{ name: string; sql: string }>(
    `SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS sql FROM pg_index
     WHERE indrelid = $1::regclass AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)`,
    [table],
  );
  for (const { name } of indexes) await db.query(`DROP INDEX ${name}`);
  await fill();
  for (const { sql } of indexes) await db.query(sql);
}
