import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { answer } from './error-handler.ts';

/**
 * Answers what no route added to `app` from now on takes, under `prefixes`: 405 with `Allow` (RFC 9110 §15.5.6) where the path
 * is known with another method, else 404. It does so before the body is looked at: nothing but path and method decide.
 *
 * These are routes, not a not-found handler, so that a catch-all of the whole service (a console's pages) cannot answer in
 * their stead. Call it before the routes are added.
 */
export function answersUnrouted(app: FastifyInstance, prefixes: readonly string[]): void {
  const methods = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ method, url }) => {
    if (url.endsWith('*')) return;
    const known = methods.get(bare(url)) ?? new Set();
    for (const each of [method].flat()) known.add(each);
    methods.set(bare(url), known);
  });

  async function unrouted(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const [path = ''] = request.url.split('?', 1);
    const known = methods.get(bare(path));
    if (known === undefined) return answer(reply, { status: 404, message: 'There is no such path.' });
    const allow = [...known].sort().join(', ');
    return answer(reply, { status: 405, message: `This path takes ${allow} only.`, headers: { allow } });
  }

  for (const prefix of prefixes) app.all(`${prefix}/*`, { onRequest: unrouted }, unrouted);
}

function bare(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path;
}
