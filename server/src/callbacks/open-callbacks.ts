import type { AccountDesk } from '../accounts/account-desk.ts';
import type { AuditLog } from '../accounts/audit-log.ts';
import type { Lease } from '../delivery/lease.ts';
import type { Log } from '../observe/log.ts';
import type { CallbackDue } from '../rules/callback.ts';
import type { Store } from '../store/store.ts';
import type { Clock } from '../values/clock.ts';
import type { Random } from '../values/random.ts';
import { VERSION } from '../version.ts';
import type { AllowList } from './allow-list.ts';
import type { Compose } from './callback.ts';
import { claims } from './claims.ts';
import { type CourierStats, courier } from './courier.ts';
import type { EndpointDesk } from './endpoint-desk.ts';
import { guard } from './guard.ts';
import { guardedFetch } from './guarded-fetch.ts';
import { ownAddresses, systemResolve } from './resolve.ts';
import { receiverSwitch } from './switch-off.ts';

/** How this node tells callers what became of their codes. */
export interface Callbacks {
  /** Takes over what a commit of this node made due. */
  due(callbacks: readonly CallbackDue[], node: string): void;
  readonly stats: CourierStats;
  /** Tells by its id whether a callback is in memory under this lease. */
  holds(node: string): (id: string) => boolean;
  start(): void;
  /** Sends nothing more, waits up to `graceMs` for what is under way, and leaves the rest to other nodes. */
  drain(graceMs: number): Promise<void>;
}

interface Deps {
  readonly store: Pick<Store, 'callbacks'>;
  readonly compose: Compose;
  readonly allow: AllowList;
  readonly changeAccount: AccountDesk;
  readonly endpoints: Pick<EndpointDesk, 'gone'>;
  readonly audit: AuditLog;
  readonly lease: Pick<Lease, 'node' | 'valid'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export function openCallbacks(deps: Deps): Callbacks {
  const outbox = deps.store.callbacks;
  const fetch = guardedFetch({
    guard: guard({ allow: deps.allow, resolve: systemResolve, own: ownAddresses }),
    clock: deps.clock,
    userAgent: `Passbell/${VERSION}`,
  });
  const carried = courier({ ...deps, outbox, fetch, onGone: receiverSwitch(deps) });
  const claimed = claims({ ...deps, outbox, courier: carried });
  return {
    due: (callbacks, node) => carried.take(callbacks.map((one) => ({ ...one, receiver: null, attempts: 0, node }))),
    get stats() {
      return carried.stats;
    },
    holds: carried.holds,
    start: claimed.start,
    async drain(graceMs) {
      claimed.stop();
      await carried.drain(graceMs);
    },
  };
}
