import Fastify, { type FastifyInstance } from 'fastify';
import { adminApi } from './admin/routes.ts';
import type { AppDeps } from './app-deps.ts';
import { consoleApi } from './console/routes.ts';
import { nativeApi } from './dialects/native/routes.ts';
import { tingtingApi } from './dialects/tingting/routes.ts';
import { healthApi } from './observe/health.ts';
import { metricsApi } from './observe/metrics.ts';

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
