/**
 * Fills a store with codes, to see how it does when it is large:
 *
 *     node bench/seed.ts --rows 5000000 --data ./data
 *     node bench/seed.ts --rows 5000000 --database-url postgres://…
 *
 * It multiplies the newest code that was delivered, within that code's account. Stop every service on the store before.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { seedPostgres } from './seed/postgres.ts';
import { seedSqlite } from './seed/sqlite.ts';

const { values } = parseArgs({
  options: { rows: { type: 'string' }, data: { type: 'string' }, 'database-url': { type: 'string' } },
});
const rows = Number(values.rows);
const url = values['database-url'];
if (!Number.isInteger(rows) || rows < 1 || (values.data === undefined) === (url === undefined)) {
  console.error('Usage: node bench/seed.ts --rows n (--data directory | --database-url postgres://…)');
  process.exit(2);
}

const started = performance.now();
if (url !== undefined) await seedPostgres(url, rows, Date.now());
else seedSqlite(join(values.data ?? '', 'passbell.db'), rows, Date.now());
console.log(`${rows.toLocaleString('en')} codes in ${Math.round((performance.now() - started) / 1000)} s`);
