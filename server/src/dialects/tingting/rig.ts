import Fastify, { type InjectOptions } from 'fastify';
import type { NewAccount } from '../../accounts/open-account.ts';
import { openRig } from '../../accounts/rig.ts';
import type { Log } from '../../observe/log.ts';
import type { SendOtp, SendsOtp, SentOtp } from '../../otp/send-otp.ts';
import type { AccountSettings } from '../../rules/account-settings.ts';
import { tingtingApi } from './routes.ts';

export const PUBLIC_URL = 'https://otp.example.com';
export const SEND = '/api/v1/auths/send/otp/';

/** What an accepted send of one segment resolves to. */
export const SENT: SentOtp = {
  otpId: 'otp',
  deliveryId: 'delivery',
  number: 1,
  segments: 1,
  credits: 1,
  available: { sms: 62, voice: 127 },
  fresh: true,
};

/** This dialect over an embedded store, with a recorder in the place of what sends, for tests. */
export async function openApi() {
  const base = await openRig();
  const sends: SendOtp[] = [];
  const errors: { event: string; fields: unknown; cause: unknown }[] = [];
  let next: SendsOtp = async () => SENT;
  const log: Log = { info() {}, warn() {}, error: (event, fields, cause) => errors.push({ event, fields, cause }) };

  const app = Fastify({ routerOptions: { ignoreTrailingSlash: true } });
  await app.register(
    tingtingApi({
      ...base,
      log,
      async sendOtp(send) {
        sends.push(send);
        return next(send);
      },
      get publicUrl() {
        return PUBLIC_URL;
      },
    }),
  );

  return {
    ...base,
    app,
    /** What came through to the sender, in order. */
    sends,
    /** What was logged as an error. */
    errors,
    /** Who sends from now on. */
    sendWith(sender: SendsOtp) {
      next = sender;
    },
    async caller(over: Partial<NewAccount> = {}, settings: Partial<AccountSettings> = {}) {
      const { account, user } = await base.account(over);
      const row = await base.store.accounts.get(account.id);
      if (row === null) throw new Error('the account that was just made is gone');
      await base.store.accounts.patch(account.id, { settings: { ...row.settings, ...settings } });
      await base.directory.refresh();
      const headers = { authorization: `Bearer ${account.keys.test}` };
      return {
        ...{ account, user },
        get: (url: string) => app.inject({ url, headers }),
        post: (url: string, payload: InjectOptions['payload'], more: Record<string, string> = {}) =>
          app.inject({ method: 'POST', url, payload, headers: { ...headers, ...more } } as InjectOptions),
      };
    },
    async close() {
      await app.close();
      await base.close();
    },
  };
}

export type Api = Awaited<ReturnType<typeof openApi>>;
