import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { adminApi } from './admin/routes.ts';
import type { AppDeps } from './app-deps.ts';
import { consoleApi } from './console/routes.ts';
import { cmApi } from './dialects/cm/routes.ts';
import { sendError } from './dialects/native/problem.ts';
import { nativeApi } from './dialects/native/routes.ts';
import { octopushApi } from './dialects/octopush/routes.ts';
import { tingtingApi } from './dialects/tingting/routes.ts';
import { PassbellError } from './errors.ts';
import { healthApi } from './observe/health.ts';
import { metricsApi } from './observe/metrics.ts';

/** No request of any dialect comes near this; a megabyte of text is refused before it is parsed. */
const BODY_LIMIT = 64 * 1024;
/** A header that carries one key needs a fraction of this. */
const MAX_HEADER_SIZE = 16 * 1024;
/** For a request to arrive whole. Half of one must not hold a socket; callers are programs, and 64 KB take none of them this long. */
const REQUEST_TIMEOUT_MS = 10_000;
/** How often sockets are looked over: the default of 30 s would let half a request stay four times as long as it may. */
const TIMEOUT_CHECK_MS = 2_000;

/** Mounts everything that is served over HTTP. Never listens. */
export function createApp(deps: AppDeps): FastifyInstance {
  const app = Fastify({
    // A path with and without its slash is one path: a redirected POST would lose its body.
    // And whatever fits into a request's head is no id that is too long, but one that nobody has.
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: MAX_HEADER_SIZE },
    bodyLimit: BODY_LIMIT,
    frameworkErrors: (_, request, reply) => nowhere(request, reply),
    genReqId: () => deps.ids(),
    // Whose address a request comes from decides which sign-ins count together: a header is believed from these proxies alone.
    trustProxy: [...deps.trustedProxies],
    onProtoPoisoning: 'error',
    // A field of no request, which its schema refuses and names; bodies are never merged into objects.
    onConstructorPoisoning: 'ignore',
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
    http: {
      maxHeaderSize: MAX_HEADER_SIZE,
      // Node 24 cuts half a body only when both times are over, and this one is 60 s where it is not set.
      headersTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
    },
  });
  // Who is being answered as the app closes could keep the connection for its next request: a stop would wait for that one as long.
  app.addHook('preClose', async () => {
    app.server.keepAliveTimeout = 1;
  });
  app.register(healthApi(deps));
  app.register(metricsApi(deps));
  app.register(tingtingApi(deps));
  app.register(cmApi(deps));
  app.register(octopushApi(deps));
  app.register(nativeApi(deps));
  app.register(adminApi(deps));
  app.register(consoleApi(deps));
  app.setNotFoundHandler(nowhere);
  return app;
}

/** Answers where no dialect does: also a path whose escapes cannot be read, which Fastify has no route for. */
function nowhere(request: FastifyRequest, reply: FastifyReply): void {
  const path = request.url.split('?')[0] ?? '';
  if (/^\/(admin\/)?v1\//.test(path)) sendError(reply, request, new PassbellError('not_found', { what: 'path' }));
  else reply.code(404).send({ message: `There is nothing at ${request.method} ${path}` });
}
