import type { Log } from '../observe/log.ts';
import type { Mode } from '../rules/accept.ts';
import type { Carrier, CarrierReceipt, CarrierStatus } from '../sms/carrier.ts';
import type { CarrierRow, CarrierStore } from '../store/tables/carriers.ts';
import type { Route, Routes } from './dispatcher.ts';

/** How long a carrier that was changed or removed may finish what it has. */
const CLOSE_GRACE_MS = 10_000;

/** The carriers of this node: the sandbox phone for test keys, the operator's own for live ones. */
export interface Uplinks extends Routes {
  /** Opens, closes and reopens carriers until they are as the store has them. */
  refresh(): Promise<void>;
  status(): readonly {
    readonly name: string;
    readonly mode: Mode;
    readonly priority: number;
    readonly status: CarrierStatus;
  }[];
  onFree(listener: () => void): void;
  onReceipts(listener: (carrier: string, receipts: readonly CarrierReceipt[]) => Promise<void>): void;
  close(graceMs: number): Promise<void>;
}

interface Deps {
  readonly carriers: CarrierStore;
  readonly sandbox: Carrier;
  /** Opens a carrier as its row says; null when the row cannot be read (its key is gone, say): logged, and left out. */
  readonly open: (row: CarrierRow) => Carrier | null;
  readonly log: Log;
}

interface Uplink extends Route {
  readonly updatedAt: number;
}

export function uplinks({ carriers, sandbox, open, log }: Deps): Uplinks {
  const test: readonly Route[] = [{ carrier: sandbox, priority: 0 }];
  const byName = new Map<string, Uplink>();
  let live: readonly Route[] = [];
  let onFree = () => {};
  let onReceipts: (carrier: string, receipts: readonly CarrierReceipt[]) => Promise<void> = async () => {};
  let refreshing: Promise<void> = Promise.resolve();

  function listenTo(carrier: Carrier): void {
    carrier.onFree(() => onFree());
    carrier.onReceipts((receipts) => onReceipts(carrier.name, receipts));
  }

  function shut(name: string, uplink: Uplink): void {
    byName.delete(name);
    // Not awaited: what it still has finishes beside its successor.
    void uplink.carrier.close(CLOSE_GRACE_MS);
    log.info('carrier_closed', { carrier: name });
  }

  async function readAgain(): Promise<void> {
    const rows = (await carriers.list()).filter((row) => row.enabled);
    const wanted = new Map(rows.map((row) => [row.name, row]));
    for (const [name, uplink] of byName) {
      if (wanted.get(name)?.updatedAt !== uplink.updatedAt) shut(name, uplink);
    }
    for (const row of rows) {
      if (byName.has(row.name)) continue;
      const carrier = open(row);
      if (carrier === null) continue;
      listenTo(carrier);
      byName.set(row.name, { carrier, priority: row.priority, updatedAt: row.updatedAt });
      log.info('carrier_opened', { carrier: row.name });
    }
    live = [...byName.values()].sort((a, b) => a.priority - b.priority);
    onFree();
  }

  listenTo(sandbox);
  return {
    carriers: (mode) => (mode === 'test' ? test : live),
    refresh() {
      // One at a time: two at once could open the same carrier twice.
      refreshing = refreshing.then(readAgain, readAgain);
      return refreshing;
    },
    status() {
      const of = (mode: Mode) => (route: Route) => ({
        name: route.carrier.name,
        mode,
        priority: route.priority,
        status: route.carrier.status(),
      });
      return [...test.map(of('test')), ...live.map(of('live'))];
    },
    onFree(listener) {
      onFree = listener;
    },
    onReceipts(listener) {
      onReceipts = listener;
    },
    async close(graceMs) {
      await Promise.all([sandbox, ...live.map((route) => route.carrier)].map((carrier) => carrier.close(graceMs)));
    },
  };
}
