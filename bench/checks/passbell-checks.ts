import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { passbell } from '../services/passbell.ts';
import type { NewPlace, Place } from '../services/places.ts';
import type { ServiceName } from '../services/service.ts';
import type { CheckService, CheckSetup } from './check-service.ts';

const SEED = new URL('seed.ts', import.meta.url).pathname;

const COUNTED = `SELECT count(*) FILTER (WHERE state = 'approved') AS approved, coalesce(sum(failures), 0) AS failures FROM verifications`;

/** Passbell over a store full of verifications, checked one by one by their ids. */
export function passbellChecks(name: ServiceName, newPlace: NewPlace): CheckService {
  return {
    name,
    async start(setup) {
      const { processes, dir, core } = setup;
      await using undo = new AsyncDisposableStack();
      const owned = undo.use(await newPlace(dir));
      // The service gives its place up when it ends; this one lives through two starts.
      const place: Place = { ...owned, [Symbol.asyncDispose]: async () => {} };
      const service = passbell(name, async () => place);
      const cargo = { kind: 'checks', core, callbacksTo: null } as const;
      await (await service.start({ processes, dir, cargo }))[Symbol.asyncDispose]();
      const ids = await seed(setup, place);
      await place.tidy();
      const running = undo.use(await service.start({ processes, dir, cargo }));

      const ending = undo.move();
      const { target, pids, databasePids, readyMs } = running;
      return {
        ...{ target, pids, databasePids, readyMs },
        keyOf: (i) => `ver_${ids[i]}`,
        refusesWrong: false,
        async counted() {
          const { approved, failures } = await owned.row(COUNTED);
          return { approved: Number(approved), failures: Number(failures) };
        },
        [Symbol.asyncDispose]: () => ending.disposeAsync(),
      };
    },
  };
}

/** In a process of its own, for it keeps its thread busy for a while, and must end when the bench is interrupted. */
async function seed({ processes, dir, codes }: CheckSetup, place: Place): Promise<readonly string[]> {
  const ids = join(dir, 'ids');
  const args = ['--account', place.tenant?.accountId ?? '', '--codes', `${codes}`, '--ids', ids, ...place.seedArgs];
  const child = processes.spawn(process.execPath, [SEED, ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...place.env },
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`Filling the store failed with code ${code}.`);
  return (await readFile(ids, 'utf8')).split('\n').slice(0, codes);
}
