import type { Bench } from '../run.ts';
import { kannel } from './kannel.ts';
import { passbell } from './passbell.ts';
import { freshPostgres, freshSqlite } from './places.ts';
import type { Service, ServiceName } from './service.ts';

/** Finds the service of a name, over a store with so many rows; stores that take long to fill are filled once and kept until `undo`. */
export function serviceFor(_bench: Bench, _undo: AsyncDisposableStack) {
  return async (name: ServiceName, seeded: number): Promise<Service> => {
    if (seeded > 0) throw new Error('No seeding yet.');
    switch (name) {
      case 'kannel':
        return kannel;
      case 'passbell-sqlite':
        return passbell(name, freshSqlite);
      case 'passbell-postgres':
        return passbell(name, freshPostgres);
    }
  };
}
