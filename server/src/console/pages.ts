import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fastifyStatic } from '@fastify/static';
import type { FastifyPluginAsync } from 'fastify';
import type { Random } from '../values/random.ts';

/** Where `npm run build` puts the console. */
const BUILT = new URL('../../console/', import.meta.url);

const NOT_BUILT = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Passbell console</title>
<h1>The console is not built</h1>
<p>The service runs; only these pages are missing. Build them, then start the service again:</p>
<pre>npm run build</pre>
</html>
`;

/** Stands in the built page where the nonce of its one answer goes. */
const NONCE = '__NONCE__';

/**
 * The console's page and files. The page may load scripts, styles and data from this service alone; the styles that its
 * components write at run time carry the answer's own nonce (CSP Level 3 §2.3.1).
 */
export function consolePages(random: Random, built: URL = BUILT): FastifyPluginAsync {
  return async (app) => {
    const index = new URL('index.html', built);
    const page = existsSync(index) ? readFileSync(index, 'utf8') : null;

    app.addHook('onRequest', async (_request, reply) => {
      reply.headers({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
    });

    app.get('/console', async (_request, reply) => {
      reply.type('text/html; charset=utf-8').header('cache-control', 'no-store');
      const nonce = Buffer.from(random.bytes(16)).toString('base64');
      reply.header('content-security-policy', policy(nonce));
      if (page === null) return reply.code(503).send(NOT_BUILT);
      return page.replaceAll(NONCE, nonce);
    });

    if (page === null) return;
    await app.register(fastifyStatic, {
      root: fileURLToPath(new URL('assets/', built)),
      prefix: '/console/assets/',
      index: false,
      decorateReply: false,
      // Names hold a hash of what is inside: a changed file is another file.
      immutable: true,
      maxAge: '1y',
    });
  };
}

function policy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self'",
    "connect-src 'self'",
    "media-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
