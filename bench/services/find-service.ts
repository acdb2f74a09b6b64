import type { Bench } from '../run.ts';
import { kannel } from './kannel.ts';
import { passbell } from './passbell.ts';
import { type NewPlace, type Place, postgresPlace, sqlitePlace } from './places.ts';
import { seededPlace } from './seeded-place.ts';
import type { Service, ServiceName } from './service.ts';

/**
 * Finds the service of a name, over a store with so many codes. Stores are empty and new in every run, but for those with codes:
 * they take minutes to fill, so each is filled once and kept until `undo`.
 */
export function serviceFinder(bench: Bench, undo: AsyncDisposableStack) {
  const kept = new Map<string, Promise<Place>>();

  function passbellOn(name: ServiceName, newPlace: NewPlace, rows: number): Service {
    if (rows === 0) return passbell(name, newPlace);
    return passbell(name, () => {
      const known = kept.get(name) ?? fill(name, newPlace, rows);
      kept.set(name, known);
      return known;
    });
  }

  async function fill(name: ServiceName, newPlace: NewPlace, rows: number): Promise<Place> {
    const started = performance.now();
    const { place, end } = await seededPlace(name, newPlace, rows, bench);
    undo.defer(end);
    const seconds = Math.round((performance.now() - started) / 1000);
    console.error(`${name}: filled with ${rows.toLocaleString('en')} codes in ${seconds} s`);
    return place;
  }

  return (name: ServiceName, rows: number): Service => {
    switch (name) {
      case 'kannel':
        return kannel;
      case 'better-auth':
        throw new Error('better-auth checks codes, and does nothing else here.');
      case 'passbell-sqlite':
        return passbellOn(name, sqlitePlace, rows);
      case 'passbell-postgres':
        return passbellOn(name, postgresPlace, rows);
    }
  };
}
