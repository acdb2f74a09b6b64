import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pace } from '../load/pace.ts';
import type { Processes } from '../processes.ts';
import { WINDOW } from '../scenarios.ts';
import { bound, quiet } from '../smsc/await-smsc.ts';
import { startSmsc } from '../smsc/start-smsc.ts';
import { passbell } from './passbell.ts';
import type { NewPlace, Place } from './places.ts';
import type { ServiceName } from './service.ts';

const SEED = new URL('../seed.ts', import.meta.url).pathname;

/**
 * A place that holds `rows` codes before anything runs on it: Passbell itself sends the first few, the seed multiplies one of them.
 * Disposing it at the end of a run does nothing, for the next run goes on with it; `end` gives it up.
 */
export async function seededPlace(
  name: ServiceName,
  newPlace: NewPlace,
  rows: number,
  { processes, tmp }: { readonly processes: Processes; readonly tmp: string },
): Promise<{ readonly place: Place; end(): Promise<void> }> {
  const dir = join(tmp, `${name}-${rows}`);
  await mkdir(dir);
  const owned = await newPlace(dir);
  const end = async () => owned[Symbol.asyncDispose]();
  const place: Place = { ...owned, [Symbol.asyncDispose]: async () => {} };
  try {
    await sendSome(name, place, dir, processes);
    await multiply(place, rows, processes);
    return { place, end };
  } catch (error) {
    await end();
    throw error;
  }
}

async function sendSome(name: ServiceName, place: Place, dir: string, processes: Processes): Promise<void> {
  await using smsc = await startSmsc(processes, {
    port: 0,
    latencyMs: 0,
    receipts: true,
    receiptWindow: WINDOW,
    trace: false,
  });
  const service = passbell(name, async () => place);
  await using running = await service.start({
    processes,
    dir,
    cargo: {
      kind: 'messages',
      smscPort: smsc.port,
      window: WINDOW,
      receipts: true,
      reportsTo: '',
      callbacksTo: null,
    },
  });
  await bound(smsc);
  await pace(running.target, 20, 1, 0);
  await quiet(smsc, 10_000);
}

/** In a process of its own, for it keeps its thread busy for minutes, and must end when the bench is interrupted. */
async function multiply(place: Place, rows: number, processes: Processes): Promise<void> {
  const args = [SEED, '--rows', `${rows}`, ...place.seedArgs];
  const child = processes.spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`Filling the store failed with code ${code}.`);
}
