import type { FastifyPluginAsync } from 'fastify';
import type { Store } from '../store/store.ts';

/** Longer than any healthy commit; a probe must not hang with the store. */
const STORE_ANSWER_MS = 2_000;

interface Deps {
  readonly store: Store;
  /** False before the first lease and from SIGTERM on. */
  readonly isReady: () => boolean;
}

/** `/livez`: the process turns. `/readyz`: it takes work, and its store answers. */
export function healthApi({ store, isReady }: Deps): FastifyPluginAsync {
  return async (app) => {
    app.get('/livez', async () => ({ status: 'ok' }));
    app.get('/readyz', async (_request, reply) => {
      if (!isReady()) return reply.code(503).send({ status: 'draining' });
      const answered = await answers(store);
      return answered ? { status: 'ok', store: store.kind } : reply.code(503).send({ status: 'store_unreachable' });
    });
  };
}

async function answers(store: Store): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => setTimeout(resolve, STORE_ANSWER_MS, false).unref());
  return Promise.race([
    store.ping().then(
      () => true,
      () => false,
    ),
    late,
  ]);
}
