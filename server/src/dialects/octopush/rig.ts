import Fastify, { type InjectOptions } from 'fastify';
import type { NewAccount } from '../../accounts/open-account.ts';
import { openRig } from '../../accounts/rig.ts';
import type { Routes, Uplink } from '../../delivery/route.ts';
import type { Log } from '../../observe/log.ts';
import type {
  CheckAsk,
  Checked,
  SentVerification,
  StartsVerification,
  StartVerification,
  Verifications,
} from '../../otp/verification.ts';
import type { Mode } from '../../rules/accept.ts';
import type { AccountSettings } from '../../rules/account-settings.ts';
import { octopushApi } from './routes.ts';

export const GENERATE = '/v1/public/service/otp/generate';
export const VALIDATE = '/v1/public/service/otp/validate';
export const NUMBER = '+9779851023212';

/** What an accepted send resolves to. */
export const SENT: SentVerification = {
  id: '01960000-0000-7000-8000-00000000000a',
  deliveryId: '01960000-0000-7000-8000-00000000000b',
  channel: 'sms',
  segments: 1,
  spokenSeconds: 0,
  credits: 1,
  createdAt: 0,
  expiresAt: 600_000,
  fresh: true,
  answer: null,
  available: { sms: 62, voice: 127 },
  quota: null,
};

/** This dialect over an embedded store, with recorders in the place of what sends and checks, for tests. */
export async function openApi() {
  const base = await openRig();
  const starts: StartVerification[] = [];
  const checks: CheckAsk[] = [];
  const errors: { event: string; fields: unknown; cause: unknown }[] = [];
  let start: StartsVerification = async () => SENT;
  let check: Verifications['check'] = async () => ({ kind: 'not_found' });
  const log: Log = { info() {}, warn() {}, error: (event, fields, cause) => errors.push({ event, fields, cause }) };
  const notHere = () => Promise.reject(new Error('this dialect does not ask for it'));

  /** Modes in which nobody carries anything. */
  const idle = new Set<Mode>();
  const uplink = { name: 'handset', status: () => ({ free: 1 }) };
  const routes: Routes<Uplink> = { routes: (mode) => (idle.has(mode) ? [] : [{ uplink, priority: 0 }]) };

  const app = Fastify({ routerOptions: { ignoreTrailingSlash: true } });
  await app.register(
    octopushApi({
      ...base,
      ...{ log, carriers: routes, trunks: routes },
      async startVerification(request) {
        starts.push(request);
        return start(request);
      },
      verifications: {
        async check(ask) {
          checks.push(ask);
          return check(ask);
        },
        resend: notHere,
        next: notHere,
        cancel: notHere,
        feedback: notHere,
      },
    }),
  );

  return {
    ...base,
    ...{ app, idle },
    /** What came through to be sent, in order. */
    starts,
    /** What came through to be checked, in order. */
    checks,
    /** What was logged as an error. */
    errors,
    /** Who sends from now on. */
    startWith(starter: StartsVerification) {
      start = starter;
    },
    /** What every check comes to from now on. */
    checksAre(checked: Checked) {
      check = async () => checked;
    },
    checkWith(checker: Verifications['check']) {
      check = checker;
    },
    async caller(over: Partial<NewAccount> = {}, settings: Partial<AccountSettings> = {}) {
      const { account } = await base.account(over);
      const row = await base.store.accounts.get(account.id);
      if (row === null) throw new Error('the account that was just made is gone');
      await base.store.accounts.patch(account.id, { settings: { ...row.settings, ...settings } });
      await base.directory.refresh();
      const headers = { 'api-login': account.login, 'api-key': account.keys.test };
      const send = (method: 'POST' | 'PUT', url: string, payload: InjectOptions['payload'], more = {}) =>
        app.inject({ method, url, payload, headers: { ...headers, ...more } } as InjectOptions);
      return {
        ...{ account, headers },
        generate: (payload: InjectOptions['payload'], more: Record<string, string> = {}) =>
          send('POST', GENERATE, payload, more),
        validate: (payload: InjectOptions['payload'], more: Record<string, string> = {}) =>
          send('PUT', VALIDATE, payload, more),
      };
    },
    async close() {
      await app.close();
      await base.close();
    },
  };
}

export type Api = Awaited<ReturnType<typeof openApi>>;
