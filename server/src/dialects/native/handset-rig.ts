import type { Readable } from 'node:stream';
import Fastify from 'fastify';
import type { Caller } from '../../accounts/caller.ts';
import { PassbellError } from '../../errors.ts';
import { memoryHandsetCallStore } from '../../handset/calls/memory-handset-call-store.ts';
import { openHandsetCalls } from '../../handset/calls/sandbox-calls.ts';
import { glassVault } from '../../handset/glass-vault.ts';
import { memoryHandsetStore } from '../../handset/memory-handset-store.ts';
import { outboundSms } from '../../handset/outbound-sms-example.ts';
import { openHandset } from '../../handset/sandbox-handset.ts';
import { silentLog } from '../../observe/log.ts';
import type { ReplayAnswer, ReplayStore } from '../../store/tables/replays.ts';
import { idSource } from '../../values/id.ts';
import { ManualClock } from '../../values/manual-clock.ts';
import { systemRandom } from '../../values/random.ts';
import { handsetApi, handsetPaths } from './handset-routes.ts';

const forever = new AbortController().signal;

/** The paths of the sandbox phone over stores in memory, for tests, without a port. `pb_test_2` and `pb_live_1` are further keys. */
export async function servedHandset() {
  const clock = new ManualClock();
  const ids = idSource(clock, systemRandom());
  const vault = { ...glassVault, requestDigest: (accountId: string, request: string) => `${accountId}:${request}` };
  const common = { vault, clock, ids, log: silentLog };
  const handset = openHandset({ ...common, store: memoryHandsetStore() });
  const handsetCalls = openHandsetCalls({ ...common, store: memoryHandsetCallStore(), alone: true });
  const keys = new Map([
    ['pb_test_1', { account: { id: 'account-1', country: 'NP' }, mode: 'test' }],
    ['pb_live_1', { account: { id: 'account-1', country: 'NP' }, mode: 'live' }],
    ['pb_test_2', { account: { id: 'account-2', country: 'NP' }, mode: 'test' }],
  ]);
  const directory = {
    async byApiKey(key: string) {
      const caller = keys.get(key);
      if (caller === undefined) throw new PassbellError('unauthorized', { reason: 'unknown' });
      return caller as Caller;
    },
  };
  const deps = { ...common, directory, handset, handsetCalls, store: { replays: memoryReplays() } };
  const app = Fastify();
  await app.register(handsetApi(deps, handsetPaths(deps)));

  return {
    ...{ app, clock, handset, handsetCalls },
    revoke: (key: string) => keys.delete(key),
    submit: (text: string, to = '+9779851023212') => handset.carrier.send(outboundSms(to, { text }), forever),
    get: (url: string, headers: Record<string, string> = {}) =>
      app.inject({ url, headers: { authorization: 'Bearer pb_test_1', ...headers } }),
    post: (url: string, payload?: object, headers: Record<string, string> = {}) =>
      app.inject({
        ...{ method: 'POST', url, headers: { authorization: 'Bearer pb_test_1', ...headers } },
        ...(payload && { payload }),
      }),
    async events(headers: Record<string, string> = {}) {
      const answer = await app.inject({
        url: '/v1/handset/events',
        headers: { authorization: 'Bearer pb_test_1', ...headers },
        payloadAsStream: true,
      });
      return { headers: answer.headers, read: reading(answer.stream()) };
    },
    async close(): Promise<void> {
      await app.close();
      await handset.close();
      await handsetCalls.close();
    },
  };
}

/** Reads one server-sent event, or comment, after the other; null at the end. */
function reading(stream: Readable): () => Promise<string | null> {
  const chunks = stream.setEncoding('utf8')[Symbol.asyncIterator]();
  let rest = '';
  return async () => {
    while (!rest.includes('\n\n')) {
      const { value, done } = await chunks.next();
      if (done) return null;
      rest += value;
    }
    const [event = '', ...others] = rest.split('\n\n');
    rest = others.join('\n\n');
    return event;
  };
}

function memoryReplays(): ReplayStore {
  const answers = new Map<string, ReplayAnswer>();
  return {
    async begin(answer) {
      const earlier = answers.get(answer.key);
      if (earlier === undefined) answers.set(answer.key, answer);
      return earlier ?? null;
    },
    async find(_, key) {
      return answers.get(key) ?? null;
    },
    async finish(_, key, answerSealed) {
      const answer = answers.get(key);
      if (answer) answers.set(key, { ...answer, answerSealed });
    },
    async abandon(_, key) {
      answers.delete(key);
    },
    sweep: async () => 0,
  };
}
