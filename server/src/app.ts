import Fastify, { type FastifyInstance } from 'fastify';
import type { Directory } from './accounts/directory.ts';
import type { Sessions } from './accounts/sessions.ts';
import { adminApi } from './admin/routes.ts';
import { consoleApi } from './console/routes.ts';
import type { Delivery } from './delivery/delivery.ts';
import type { Uplinks } from './delivery/uplinks.ts';
import { nativeApi } from './dialects/native/routes.ts';
import { tingtingApi } from './dialects/tingting/routes.ts';
import type { Handset } from './handset/handset.ts';
import { healthApi } from './observe/health.ts';
import type { Log } from './observe/log.ts';
import { metricsApi } from './observe/metrics.ts';
import type { SendsOtp } from './otp/send-otp.ts';
import type { Store } from './store/store.ts';
import type { Clock } from './values/clock.ts';
import type { IdSource } from './values/id.ts';
import type { Random } from './values/random.ts';
import type { Vault } from './vault/vault.ts';

/** Everything the HTTP side stands on. */
export interface AppDeps {
  readonly store: Store;
  readonly vault: Vault;
  readonly directory: Directory;
  readonly sessions: Sessions;
  readonly sendOtp: SendsOtp;
  readonly handset: Handset;
  readonly delivery: Delivery;
  readonly uplinks: Uplinks;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: IdSource;
  readonly log: Log;
  /**
   * Without a trailing slash; what absolute URLs in answers are built from, never the Host header. To be read at each use: with port 0
   * it is known only once the service listens.
   */
  readonly publicUrl: string;
  /** Addresses or CIDRs of proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  /** Whether the node takes work: false from SIGTERM on. */
  readonly isReady: () => boolean;
}

/** No request of any dialect comes near this; a megabyte of text is refused before it is parsed. */
const BODY_LIMIT = 64 * 1024;
/** A header that carries one key needs a fraction of this. */
const MAX_HEADER_SIZE = 16 * 1024;

/** Mounts everything that is served over HTTP. Never listens. */
export function createApp(deps: AppDeps): FastifyInstance {
  const app = Fastify({
    // A path with and without its slash is one path: a redirected POST would lose its body.
    routerOptions: { ignoreTrailingSlash: true },
    bodyLimit: BODY_LIMIT,
    genReqId: () => deps.ids(),
    // Whose address a request comes from decides which sign-ins count together: a header is believed from these proxies alone.
    trustProxy: [...deps.trustedProxies],
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'remove',
    // Half a request must not hold a socket forever.
    requestTimeout: 30_000,
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
    http: { maxHeaderSize: MAX_HEADER_SIZE },
  });
  app.register(healthApi(deps));
  app.register(metricsApi(deps));
  app.register(tingtingApi(deps));
  app.register(nativeApi(deps));
  app.register(adminApi(deps));
  app.register(consoleApi(deps));
  app.setNotFoundHandler((request, reply) => {
    reply.code(404).send({ message: `There is nothing at ${request.method} ${request.url.split('?')[0]}` });
  });
  return app;
}
