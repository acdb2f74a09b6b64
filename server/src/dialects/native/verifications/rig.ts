import { drawKey, keyRow } from '../../../accounts/key.ts';
import { parseAllowList } from '../../../callbacks/allow-list.ts';
import type { OpenUplink, Uplinks } from '../../../delivery/uplinks.ts';
import type { StartVerification } from '../../../otp/verification.ts';
import { openVerificationRig } from '../../../otp/verification-rig.ts';
import type { Mode } from '../../../rules/accept.ts';
import type { AccountSettings } from '../../../rules/account-settings.ts';
import { servedOver } from '../rig.ts';

export const NUMBER = '+9779851023212';
export const CODE = '012345';

/** A request that asks for nothing but what it must, with a code that is known. */
export const PLAIN = { to: NUMBER, code: CODE };

/** The native API over verifications that run, with a recorder in the place of what leaves, for tests. */
export async function servedVerifications() {
  const rig = await openVerificationRig();
  const starts: StartVerification[] = [];
  const allowed = parseAllowList('receiver.internal');
  if ('fault' in allowed) throw new Error(allowed.fault);
  const served = await servedOver(rig, {
    callbackAllow: allowed.value,
    carriers: named('main', 'backup'),
    trunks: named('trunk'),
    verifications: rig.verifications,
    async startVerification(request) {
      starts.push(request);
      return rig.start(request);
    },
  });

  async function keyOf(accountId: string, mode: Mode): Promise<string> {
    const key = drawKey(mode, rig.random);
    const about = { id: rig.ids(), accountId, kind: 'api_key', mode, name: 'test' } as const;
    await rig.store.keys.create(keyRow(key, { ...about, createdAt: rig.clock.now() }));
    return key.reveal();
  }

  return {
    ...served,
    /** What came through to be sent, in order. */
    starts,
    /** An account with its keys, and `POST` below `/v1/verifications` with its test key. No limits but those of `settings`. */
    async caller(settings: Partial<AccountSettings> = {}) {
      const account = await rig.account(settings);
      const keys = { test: await keyOf(account.id, 'test'), live: await keyOf(account.id, 'live') };
      const post = (path: string, body?: unknown, headers: Record<string, string> = {}) =>
        served.ask(keys.test, `POST /v1/verifications${path}`, body, headers);
      const get = (path: string) => served.ask(keys.test, `GET /v1${path}`);
      return { account, keys, post, get };
    },
  };
}

/** Uplinks of which nothing is known but their names: `handset` for test keys, these for live ones. */
function named<U extends OpenUplink>(...names: readonly string[]): Uplinks<U> {
  const routes: Uplinks<OpenUplink>['routes'] = (mode) =>
    (mode === 'test' ? ['handset'] : names).map((name) => ({ uplink: { name } as OpenUplink, priority: 0 }));
  return { routes } as Uplinks<U>;
}
