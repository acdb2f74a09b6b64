import type { Migration } from '../migrations.ts';
import { firstSchema } from './schema-1.ts';
import { secondSchema } from './schema-2.ts';
import { thirdSchema } from './schema-3.ts';

/** The schema of the shared store, step by step. */
export const postgresMigrations: readonly Migration[] = [
  { id: 1, name: 'first schema', sql: firstSchema },
  { id: 2, name: 'calls, callbacks, audio, trunks', sql: secondSchema },
  { id: 3, name: 'verifications', sql: thirdSchema },
];
