import type { AppDeps } from '../app-deps.ts';

type Deps = Pick<AppDeps, 'store' | 'delivery' | 'uplinks' | 'isReady'>;

/** What runs, as the operator sees it. */
export function serviceJson({ store, delivery, uplinks, isReady }: Deps, version: string, uptimeMs: number) {
  return {
    version,
    node: delivery.node,
    store: store.kind,
    ready: isReady(),
    uptime_seconds: Math.floor(uptimeMs / 1000),
    queued: delivery.load.queued,
    carriers: uplinks.status().map(({ name, mode, priority, status }) => ({ name, mode, priority, ...status })),
  };
}
