import type { Migration } from '../migrations.ts';
import { firstSchema } from './schema-1.ts';
import { secondSchema } from './schema-2.ts';
import { thirdSchema } from './schema-3.ts';
import { fourthSchema } from './schema-4.ts';
import { fifthSchema } from './schema-5.ts';
import { sixthSchema } from './schema-6.ts';

/** The schema of the shared store, step by step. */
export const postgresMigrations: readonly Migration[] = [
  { id: 1, name: 'first schema', sql: firstSchema },
  { id: 2, name: 'calls, callbacks, audio, trunks', sql: secondSchema },
  { id: 3, name: 'verifications', sql: thirdSchema },
  { id: 4, name: 'callback endpoints', sql: fourthSchema },
  { id: 5, name: 'templates', sql: fifthSchema },
  { id: 6, name: 'audit log and retention', sql: sixthSchema },
];
