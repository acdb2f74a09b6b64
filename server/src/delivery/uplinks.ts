import type { Log } from '../observe/log.ts';
import type { Mode } from '../rules/accept.ts';
import type { UplinkKind, UplinkRow, UplinkStore } from '../store/tables/uplinks.ts';
import type { Route, Routes, Uplink } from './route.ts';

/** What is asked of an uplink here: a carrier and a call engine both are one. */
export interface OpenUplink extends Uplink {
  status(): { readonly state: 'up' | 'degraded' | 'down'; readonly free: number; readonly trouble: string | null };
  onFree(listener: () => void): void;
  close(graceMs: number): Promise<void>;
}

/** The carriers, or the trunks, of this node: the sandbox phone for test keys, the operator's own for live ones. */
export interface Uplinks<U extends OpenUplink> extends Routes<U> {
  /** Opens, closes and reopens them until they are as the store has them. Nothing once they are closed. */
  refresh(): Promise<void>;
  status(): readonly {
    readonly name: string;
    readonly mode: Mode;
    readonly priority: number;
    readonly status: ReturnType<U['status']>;
  }[];
  onFree(listener: () => void): void;
  /** Calls `listener` with each one that is open, and with each that is opened later. */
  onOpen(listener: (uplink: U) => void): void;
  close(graceMs: number): Promise<void>;
}

interface Deps<U extends OpenUplink, Kind extends UplinkKind> {
  /** What log lines call them: `carrier` or `trunk`. */
  readonly noun: string;
  /** How long one that was changed or removed may finish what it has. */
  readonly graceMs: number;
  readonly rows: Pick<UplinkStore<Kind>, 'list'>;
  readonly sandbox: U;
  /** Opens one as its row says; null when the row cannot be read (its key is gone, say): logged, and left out. */
  readonly open: (row: UplinkRow<Kind>) => U | null | Promise<U | null>;
  readonly log: Log;
}

interface Opened<U extends OpenUplink> extends Route<U> {
  readonly updatedAt: number;
}

export function uplinks<U extends OpenUplink, Kind extends UplinkKind>(deps: Deps<U, Kind>): Uplinks<U> {
  const { noun, rows, sandbox, open, graceMs, log } = deps;
  const test: readonly Route<U>[] = [{ uplink: sandbox, priority: 0 }];
  const byName = new Map<string, Opened<U>>();
  /** Changed or removed, and not done yet with what they have. */
  const leaving = new Set<U>();
  let live: readonly Route<U>[] = [];
  let onFree = () => {};
  let onOpen = (_uplink: U) => {};
  let refreshing: Promise<void> = Promise.resolve();
  let closed = false;

  function adopt(uplink: U): void {
    uplink.onFree(() => onFree());
    onOpen(uplink);
  }

  function shut(name: string, { uplink }: Opened<U>): void {
    byName.delete(name);
    // Not awaited: what it still has finishes beside its successor, which may have to wait for its port.
    leaving.add(uplink);
    void uplink.close(graceMs).then(() => {
      leaving.delete(uplink);
      return refresh();
    });
    log.info(`${noun}_closed`, { [noun]: name });
  }

  function refresh(): Promise<void> {
    // One at a time: two at once could open the same one twice.
    refreshing = refreshing.then(readAgain, readAgain);
    return refreshing;
  }

  async function readAgain(): Promise<void> {
    if (closed) return;
    const enabled = (await rows.list()).filter((row) => row.enabled);
    const wanted = new Map(enabled.map((row) => [row.name, row]));
    for (const [name, uplink] of byName) {
      if (wanted.get(name)?.updatedAt !== uplink.updatedAt) shut(name, uplink);
    }
    for (const row of enabled) {
      if (byName.has(row.name)) continue;
      const uplink = await open(row);
      if (uplink === null) continue;
      adopt(uplink);
      byName.set(row.name, { uplink, priority: row.priority, updatedAt: row.updatedAt });
      log.info(`${noun}_opened`, { [noun]: row.name });
    }
    live = [...byName.values()].sort((a, b) => a.priority - b.priority);
    onFree();
  }

  adopt(sandbox);
  return {
    routes: (mode) => (mode === 'test' ? test : live),
    refresh,
    status() {
      const of =
        (mode: Mode) =>
        ({ uplink, priority }: Route<U>) => {
          return { name: uplink.name, mode, priority, status: uplink.status() as ReturnType<U['status']> };
        };
      return [...test.map(of('test')), ...live.map(of('live'))];
    },
    onFree(listener) {
      onFree = listener;
    },
    onOpen(listener) {
      onOpen = listener;
      for (const { uplink } of [...test, ...live]) listener(uplink);
    },
    async close(graceMs) {
      closed = true;
      // What is just being opened would stay open, and the store closes next.
      await refreshing.catch(() => {});
      // Those that leave have so long as well, and no longer: a stop does not wait for a call of ten minutes.
      const all = [sandbox, ...live.map((route) => route.uplink), ...leaving];
      await Promise.all(all.map((uplink) => uplink.close(graceMs)));
    },
  };
}
