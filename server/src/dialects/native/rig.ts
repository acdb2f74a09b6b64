import Fastify, { type InjectOptions } from 'fastify';
import { openRig, type Rig } from '../../accounts/rig.ts';
import { NOTHING_ALLOWED } from '../../callbacks/allow-list.ts';
import { endpointDesk } from '../../callbacks/endpoint-desk.ts';
import { signingDesk } from '../../callbacks/signing-desk.ts';
import { silentLog } from '../../observe/log.ts';
import { numberEraser } from '../../retention/erase-number.ts';
import { convertWav } from '../../voice/audio/convert-wav.ts';
import { audioDesk } from '../../voice/audio-desk.ts';
import { nativeApi } from './routes.ts';

export interface Sent {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  // What a test looks into; each test knows what it asked for.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  readonly body: any;
  readonly text: string;
}

type NativeDeps = Parameters<typeof nativeApi>[0];

/** The native API over a store of its own, for tests, without a port. `over` changes what it stands on. */
export async function servedNatively(over: (rig: Rig) => Partial<NativeDeps> = () => ({})) {
  const rig = await openRig();
  return servedOver(rig, over(rig));
}

/** The native API over `rig`, which is closed with it. */
export async function servedOver<R extends Omit<Rig, 'account'>>(rig: R, over: Partial<NativeDeps>) {
  const options = { routerOptions: { ignoreTrailingSlash: true }, bodyLimit: 64 * 1024 };
  const app = Fastify({ ...options, onConstructorPoisoning: 'ignore' });
  const signing = signingDesk({ ...rig, store: rig.store.signingSecrets });
  const callbackEndpoints = endpointDesk({ ...rig, signing, allow: NOTHING_ALLOWED, log: silentLog });
  const phones = { handset: notHere, handsetCalls: notHere };
  const sends = { startVerification: notHere, verifications: notHere, carriers: notHere, trunks: notHere };
  const audio = audioDesk({
    ...{ store: rig.store.audio, clock: rig.clock, onChange: rig.revisions.onChange },
    convertWav: async (wav, limits) => convertWav(wav, limits),
  });
  const eraseNumber = numberEraser({ ...rig, cancel: async () => {} });
  const deps = {
    ...rig,
    eraseNumber,
    ...phones,
    ...sends,
    audio,
    signing,
    callbackEndpoints,
    callbackAllow: NOTHING_ALLOWED,
    publicUrl: 'https://otp.example.com',
    log: silentLog,
  };
  app.register(nativeApi({ ...deps, ...over }));
  await app.ready();

  async function send(options: InjectOptions): Promise<Sent> {
    const { statusCode: status, headers, body: text } = await app.inject(options);
    const isJson = `${headers['content-type'] ?? ''}`.includes('json');
    return { status, headers, text, body: isJson ? JSON.parse(text) : undefined };
  }

  return {
    ...{ rig, app, send },
    /** Sends `METHOD /path` with a key and, unless it is undefined, a JSON body. */
    ask(key: string, line: string, body?: unknown, headers: Record<string, string> = {}): Promise<Sent> {
      const [method, url = ''] = line.split(' ');
      const payload = body === undefined ? {} : { payload: JSON.stringify(body) };
      const type = body === undefined ? {} : { 'content-type': 'application/json' };
      return send({
        ...{ method: method as 'GET', url, ...payload },
        headers: { authorization: `Bearer ${key}`, ...type, ...headers },
      });
    },
    async close(): Promise<void> {
      await app.close();
      await rig.close();
    },
  };
}

// Any of what the tests that need it bring themselves.
const notHere = new Proxy(() => {}, {
  get(_, name) {
    throw new Error(`${String(name)} is not asked for here`);
  },
}) as never;
