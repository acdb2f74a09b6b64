import Fastify, { type InjectOptions } from 'fastify';
import type { NewAccount } from '../../accounts/open-account.ts';
import { openRig } from '../../accounts/rig.ts';
import { parseAllowList } from '../../callbacks/allow-list.ts';
import type { Log } from '../../observe/log.ts';
import type { NotSent, SendOtp, SendsOtp, SentOtp } from '../../otp/send-otp.ts';
import { cmApi } from './routes.ts';

export const OTP = '/voiceapi/v2/OTP';

/** A request that asks for nothing but what it must. */
export const PLAIN = { callee: '+9779851023212', caller: '+9771234567', code: '012345' };

/** What an accepted call resolves to. */
export const SENT: SentOtp = {
  otpId: '01960000-0000-7000-8000-00000000000a',
  deliveryId: '01960000-0000-7000-8000-00000000000b',
  number: null,
  segments: 0,
  spokenSeconds: 12,
  credits: 1,
  available: { sms: 62, voice: 127 },
  fresh: true,
};

/** What becomes of each of several that are sent together: accepted, under an id of its own. */
export async function queueEach(_: SendOtp, place: number): Promise<SentOtp | NotSent> {
  return { ...SENT, deliveryId: `${SENT.deliveryId.slice(0, -1)}${place}` };
}

/** This dialect over an embedded store, with a recorder in the place of what sends, for tests. */
export async function openApi() {
  const base = await openRig();
  const sends: SendOtp[] = [];
  const together: (readonly SendOtp[])[] = [];
  const errors: { event: string; fields: unknown; cause: unknown }[] = [];
  let next: SendsOtp = async () => SENT;
  let nextTogether: typeof queueEach = queueEach;
  const log: Log = { info() {}, warn() {}, error: (event, fields, cause) => errors.push({ event, fields, cause }) };
  const allowed = parseAllowList('receiver.internal');
  if ('fault' in allowed) throw new Error(allowed.fault);

  const app = Fastify({ routerOptions: { ignoreTrailingSlash: true } });
  await app.register(
    cmApi({
      ...base,
      log,
      callbackAllow: allowed.value,
      async sendOtp(send) {
        sends.push(send);
        return next(send);
      },
      async sendTogether(requests) {
        together.push(requests);
        return Promise.all(requests.map(nextTogether));
      },
    }),
  );

  return {
    ...base,
    app,
    /** What came through to be sent by itself, in order. */
    sends,
    /** What came through to be sent together, in order. */
    together,
    /** What was logged as an error. */
    errors,
    /** Who sends from now on. */
    sendWith(sender: SendsOtp) {
      next = sender;
    },
    /** Who decides from now on what becomes of each of several. */
    sendTogetherWith(sender: typeof queueEach) {
      nextTogether = sender;
    },
    async caller(over: Partial<NewAccount> = {}) {
      const { account } = await base.account(over);
      const headers = { 'x-cm-producttoken': account.productTokens.test };
      return {
        account,
        get: (url: string, more: Record<string, string> = {}) => app.inject({ url, headers: { ...headers, ...more } }),
        post: (payload: InjectOptions['payload'], more: Record<string, string> = {}, url = OTP) =>
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
