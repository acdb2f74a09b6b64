import type { FastifyInstance, FastifyReply } from 'fastify';

/**
 * Signals for requests that wait: each is aborted when its client goes away, and all of them when the server begins to close,
 * which otherwise would wait for them.
 */
export function requestSignals(app: FastifyInstance): (reply: FastifyReply) => AbortSignal {
  const closing = new AbortController();
  app.addHook('preClose', async () => closing.abort());

  return (reply) => {
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    return AbortSignal.any([closing.signal, gone.signal]);
  };
}
