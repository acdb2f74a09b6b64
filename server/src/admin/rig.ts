import Fastify from 'fastify';
import { openRig, type Rig } from '../accounts/rig.ts';
import { NOTHING_ALLOWED } from '../callbacks/allow-list.ts';
import { type Log, silentLog } from '../observe/log.ts';
import { numberEraser } from '../retention/erase-number.ts';
import { adminApi } from './routes.ts';

type Given = Parameters<typeof adminApi>[0];

/** The admin API over a store of its own, for tests, without a port. */
export async function servedToOperator(log: Log = silentLog, over: (rig: Rig) => Partial<Given> = () => ({})) {
  const rig = await openRig();
  const token = await rig.adminToken();
  const uplinks = {
    refresh: async () => {},
    status: () => [
      { name: 'handset', mode: 'test', priority: 0, status: { state: 'up', free: 1, trouble: null } },
      { name: 'open', mode: 'live', priority: 0, status: { state: 'down', free: 0, trouble: 'no answer' } },
    ],
  };
  const carriers = uplinks as unknown as Given['carriers'];
  const trunks = uplinks as unknown as Given['trunks'];
  const app = Fastify({ routerOptions: { ignoreTrailingSlash: true }, bodyLimit: 64 * 1024 });
  const checkTrunk = async () => ({ ok: true, steps: [] });
  const eraseNumber = numberEraser({ ...rig, cancel: async () => {} });
  const here = { callbackAllow: NOTHING_ALLOWED, publicUrl: 'https://otp.example.com', log };
  const deps = { ...rig, carriers, trunks, checkTrunk, eraseNumber, ...here };
  app.register(adminApi({ ...deps, ...over(rig) }));
  await app.ready();

  return {
    ...{ rig, app, token },
    /** Sends `METHOD /path` below `/admin/v1`, as the operator unless another key is given. */
    async ask(line: string, body?: unknown, headers: Record<string, string> = {}, key = token) {
      const [method, path] = line.split(' ');
      const json = body === undefined ? {} : { 'content-type': 'application/json' };
      const answer = await app.inject({
        ...{ method: method as 'GET', url: `/admin/v1${path}` },
        headers: { authorization: `Bearer ${key}`, ...json, ...headers },
        ...(body !== undefined && { payload: JSON.stringify(body) }),
      });
      const isJson = `${answer.headers['content-type'] ?? ''}`.includes('json');
      return {
        status: answer.statusCode,
        text: answer.body,
        headers: answer.headers,
        body: isJson ? JSON.parse(answer.body) : undefined,
      };
    },
    async close(): Promise<void> {
      await app.close();
      await rig.close();
    },
  };
}
