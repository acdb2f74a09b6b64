import type { AppDeps } from '../app-deps.ts';
import type { Mode } from '../rules/accept.ts';

type Deps = Pick<AppDeps, 'store' | 'delivery' | 'carriers' | 'trunks' | 'isReady'>;

/** What runs, as the operator sees it. */
export function serviceJson({ store, delivery, carriers, trunks, isReady }: Deps, version: string, uptimeMs: number) {
  return {
    version,
    node: delivery.node,
    store: store.kind,
    ready: isReady(),
    uptime_seconds: Math.floor(uptimeMs / 1000),
    queued: delivery.load.queued,
    carriers: carriers.status().map(uplinkJson),
    trunks: trunks.status().map(uplinkJson),
  };
}

function uplinkJson<S>({ name, mode, priority, status }: { name: string; mode: Mode; priority: number; status: S }) {
  return { name, mode, priority, ...status };
}
