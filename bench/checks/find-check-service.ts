import { betterAuth } from '../services/better-auth.ts';
import { postgresPlace, sqlitePlace } from '../services/places.ts';
import type { ServiceName } from '../services/service.ts';
import type { CheckService } from './check-service.ts';
import { passbellChecks } from './passbell-checks.ts';

export function checkService(name: ServiceName): CheckService {
  switch (name) {
    case 'kannel':
      throw new Error('Kannel checks no codes.');
    case 'better-auth':
      return betterAuth;
    case 'passbell-sqlite':
      return passbellChecks(name, sqlitePlace);
    case 'passbell-postgres':
      return passbellChecks(name, postgresPlace);
  }
}
