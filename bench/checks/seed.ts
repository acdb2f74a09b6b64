/**
 * Fills a Passbell's store with verifications to check, and writes their ids, a line each:
 *
 *     node bench/checks/seed.ts --account id --codes n --ids file (--data directory | --database-url postgres://…)
 *
 * With a database, the keys come from PASSBELL_KEYS.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { seedVerifications } from '../seed/verifications.ts';

const text = { type: 'string', default: '' } as const;
const { values } = parseArgs({
  options: { account: text, codes: text, ids: text, data: text, 'database-url': { type: 'string' } },
});
const place = {
  dataDir: values.data,
  databaseUrl: values['database-url'] ?? null,
  keyFile: join(values.data, 'keys.json'),
  keys: process.env['PASSBELL_KEYS'],
};
const ids = await seedVerifications(place, values.account, Number(values.codes));
await writeFile(values.ids, ids.map((id) => `${id}\n`).join(''));
