import { DatabaseSync } from 'node:sqlite';
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

/**
 * Copies the newest delivered code of an embedded store `rows` times, within its account. Nothing else may have the file open: it
 * is written without a journal, and lost if this is interrupted.
 */
export function seedSqlite(file: string, rows: number, now: number): void {
  const db = new DatabaseSync(file);
  try {
    db.exec(
      'PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000; PRAGMA temp_store = MEMORY',
    );
    const template = db.prepare(TEMPLATE_QUERY).get() as Template | undefined;
    if (!template) throw new Error(NO_TEMPLATE);
    const { account, delivery, pool } = template;
    const write = cellWriter(template, madeAt(rows, now));
    const series = `WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < ${rows})`;
    for (const recipe of RECIPE) {
      // Generated columns are not in this list.
      const columns = db.prepare('SELECT name FROM pragma_table_info(?)').all(recipe.table) as { name: string }[];
      const names = columns.map(({ name }) => name);
      const copy = copyStatement(recipe, names, write, { account: ':account', delivery: ':delivery' });
      withoutIndexes(db, recipe.table, () => db.prepare(`${series} ${copy}`).run({ account, delivery }));
    }
    const count = db.prepare('UPDATE counters SET value = value + ? WHERE account_id = ? AND name = ?');
    for (const name of countersOf(template)) count.run(rows, account, name);
    const capture = db.prepare('UPDATE balances SET captured = captured + ? WHERE account_id = ? AND pool = ?');
    capture.run(rows * Number(template.credits), account, pool);
    db.exec('PRAGMA journal_mode = WAL');
  } finally {
    db.close();
  }
}

function cellWriter({ made, ordinal, number }: Template, time: string): CellWriter {
  return (cell, column) => {
    switch (cell) {
      case 'otp id':
      case 'delivery id':
        return `printf('%08x-%04x-7%03x-8000-%012x', ${time} >> 16, ${time} & 65535, series.n & 4095, ${idTail(cell)})`;
      case 'time':
        return `${column} - ${made} + ${time}`;
      case 'ordinal':
        return `${ordinal} + series.n`;
      case 'number':
        return number === null ? 'NULL' : `${number} + series.n`;
      case 'random':
        return `substr(lower(hex(randomblob(32))), 1, length(${column}))`;
      case 'own':
      case 'nothing':
        return 'NULL';
    }
  };
}

/** An index built over the finished table takes a third of the time of one kept up row by row. */
function withoutIndexes(db: DatabaseSync, table: string, fill: () => void): void {
  const all = db.prepare(
    `SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL`,
  );
  const indexes = all.all(table) as { name: string; sql: string }[];
  for (const { name } of indexes) db.exec(`DROP INDEX ${name}`);
  fill();
  for (const { sql } of indexes) db.exec(sql);
}
