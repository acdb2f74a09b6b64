import { createHash } from 'node:crypto';
import type { FastifyPluginAsync } from 'fastify';
import type { Json } from './schema-object.ts';

export interface Served {
  readonly path: string;
  /** Makes the document; asked for once, when somebody wants it: only then does the service know its own address. */
  readonly document: () => Json;
}

/** Serves an OpenAPI document to anybody: it tells nothing that the manual does not. */
export function serveDocument({ path, document }: Served): FastifyPluginAsync {
  let kept: { readonly text: string; readonly etag: string } | undefined;

  return async (app) => {
    app.get(path, async (request, reply) => {
      kept ??= tagged(JSON.stringify(document()));
      reply.header('etag', kept.etag).header('cache-control', 'no-cache');
      if (request.headers['if-none-match'] === kept.etag) return reply.code(304).send();
      return reply.type('application/json').send(kept.text);
    });
  };
}

function tagged(text: string) {
  return { text, etag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"` };
}
