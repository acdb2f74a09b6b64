import { openRig } from '../accounts/rig.ts';
import type { Cargo } from '../delivery/cargo.ts';
import type { Route, Routes, Uplink } from '../delivery/route.ts';
import type { Channel } from '../errors.ts';
import type { Log } from '../observe/log.ts';
import type { AcceptRequest, AcceptVerdict } from '../rules/accept.ts';
import { defaultSettings } from '../rules/account-settings.ts';
import type { Account } from '../store/tables/accounts.ts';
import type { Verification } from '../store/tables/verifications.ts';
import { parsePhoneNumber } from '../values/phone-number.ts';
import { Secret } from '../values/secret.ts';
import { makeClip } from '../voice/audio/make-clip.ts';
import type { RendersCall } from '../voice/script.ts';
import type { SenderDeps } from './send.ts';
import { verificationStarter } from './start-verification.ts';
import { verdicts } from './verdicts.ts';
import type { Asker, ById, ByNumber, CodeGiven, StartVerification } from './verification.ts';
import { openVerifications } from './verifications.ts';
import { workflow } from './workflow.ts';

const NODE = 'here';

export function phoneNumber(spelling: string) {
  const parsed = parsePhoneNumber(spelling, 'NP');
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.number;
}

/** Verifications over an embedded store, with a recorder in the place of what leaves, for tests. Time stands still until it is moved. */
export async function openVerificationRig() {
  const base = await openRig();
  const { store, vault, clock, random, ids } = base;
  const left: Cargo[] = [];
  const told: string[] = [];
  const warned: string[] = [];
  const log: Log = { info() {}, warn: (event) => warned.push(event), error: (event) => warned.push(event) };
  const phone: Route<Uplink> = { uplink: { name: 'handset', status: () => ({ free: 1 }) }, priority: 0 };
  const routes: Routes<Uplink> = { routes: () => [phone] };
  const clip = makeClip(new Int16Array(8 * 8000));
  const renderCall: RendersCall = async () => ({
    ...{ intro: [clip], code: [clip], replayPrompt: [], outro: [clip], maxReplays: 2, autoReplay: true },
  });
  const delivery = {
    async submit(request: AcceptRequest, cargo: Cargo): Promise<AcceptVerdict> {
      const [verdict] = await store.accept([request], NODE, clock.now());
      if (verdict === undefined) throw new Error('no verdict');
      if (verdict.accepted && verdict.fresh) left.push(cargo);
      return verdict;
    },
  };
  const sending: SenderDeps = { delivery, carriers: routes, trunks: routes, renderCall, vault, clock, random, ids };
  const judged = verdicts({
    ...{ store, clock, lease: { node: NODE } },
    onCallbacks: (due) => told.push(...due.map(({ event }) => event)),
  });
  const start = verificationStarter(sending);
  const verifications = openVerifications({ ...sending, store, verdicts: judged });
  let accounts = 0;

  async function account(over: Partial<Account['settings']> = {}): Promise<Account> {
    const { account } = await base.account();
    const settings = { ...defaultSettings, numberLimits: [], ...over };
    const opened = await store.accounts.patch(account.id, { settings, name: `Acme ${++accounts}` });
    if (opened === null) throw new Error('no account');
    return opened;
  }

  function request(of: Account, over: Partial<StartVerification> = {}): StartVerification {
    const number = phoneNumber('9851023212');
    const call = {
      ...{ from: null, anonymous: false, ringMs: 30_000 },
      script: { intro: [], code: [], replayPrompt: [], outro: [], maxReplays: 1, autoReplay: false },
      voice: { name: 'en_f', locale: 'en-US', gender: 'female', volume: 0 },
    } as const;
    return {
      ...{ account: of, mode: 'test', dialect: 'native', number, numberAsSent: '9851023212' },
      ...{ code: new Secret('012345'), ttlMs: 300_000, maxAttempts: 5, ip: null, bindIp: false },
      messages: { sms: { text: 'Your code is 012345', sender: null }, voice: { text: 'Your code is 012345', call } },
      steps: [{ channel: 'sms', carrier: null, waitMs: 0 }],
      ...{ callbackUrl: null, metadata: {}, options: '{}', warnings: [], replay: null },
      ...over,
    };
  }

  const asker = (account: Account): Asker => ({ account, mode: 'test', dialect: 'native' });

  /** A verification as it stands. */
  async function whole(of: Account, id: string): Promise<Verification> {
    const found = await store.verifications.get(of.id, id);
    if (found === null) throw new Error('no verification');
    return found;
  }

  return {
    ...base,
    ...{ left, told, warned, start, request, account, verifications },
    steps: workflow({ ...sending, store, verdicts: judged, log }),
    /** The same steps, where something happens between a look and what follows from it. */
    overtaken(act: () => Promise<unknown>, over: Partial<typeof store> = {}) {
      const due: typeof store.verifications.due = async (...of) => {
        const found = await store.verifications.due(...of);
        if (found.length > 0) await act();
        return found;
      };
      const seen = { ...store, ...over, verifications: { ...store.verifications, due } };
      return workflow({ ...sending, store: seen, verdicts: judged, log });
    },
    /** Checks `code` of the verification with this id, or of the newest of the number. */
    check(
      of: Account,
      which: string | Pick<ByNumber, 'among'>,
      code: string,
      over: Partial<Asker & CodeGiven & Pick<ById, 'number'>> = {},
    ) {
      const asked = { ...asker(of), ip: null, replay: null, code: new Secret(code), ...over };
      if (typeof which === 'string') return verifications.check({ number: null, ...asked, id: which });
      return verifications.check({ ...asked, ...which, number: phoneNumber('9851023212') });
    },
    async resend(of: Account, id: string, channel: Channel | null = null) {
      return verifications.resend({ ...asker(of), verification: await whole(of, id), channel, replay: null });
    },
    async next(of: Account, id: string) {
      return verifications.next({ ...asker(of), verification: await whole(of, id), replay: null });
    },
    whole,
    /** The carrier's word that a delivery did not arrive. */
    async fail(accountId: string, deliveryId: string): Promise<void> {
      const next = { kind: 'final', state: 'failed', reason: 'carrier_refused' } as const;
      await store.settle(
        [{ accountId, deliveryId, node: NODE, at: clock.now(), attempt: null, next }],
        [],
        NODE,
        clock.now(),
      );
    },
  };
}

export type VerificationRig = Awaited<ReturnType<typeof openVerificationRig>>;
