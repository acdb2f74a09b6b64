import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { accountDesk } from './accounts/account-desk.ts';
import { auditLog } from './accounts/audit-log.ts';
import { auditedSessions } from './accounts/audited-sessions.ts';
import { cachedDirectory } from './accounts/cached-directory.ts';
import { type FirstStart, firstStart } from './accounts/first-start.ts';
import { userSessions } from './accounts/user-sessions.ts';
import { createApp } from './app.ts';
import { composer } from './callbacks/compose.ts';
import { endpointDesk } from './callbacks/endpoint-desk.ts';
import { openCallbacks } from './callbacks/open-callbacks.ts';
import { receivers } from './callbacks/receivers.ts';
import { signingDesk } from './callbacks/signing-desk.ts';
import { teller, type Wording } from './callbacks/told.ts';
import type { Config } from './config.ts';
import { trunkCheck } from './delivery/check-trunk.ts';
import { delivery as openDelivery } from './delivery/delivery.ts';
import { housekeeping } from './delivery/housekeeping.ts';
import { nodeLease } from './delivery/lease.ts';
import { openCarrier } from './delivery/open-carrier.ts';
import { trunkOpener } from './delivery/open-trunk.ts';
import { callRestorer } from './delivery/restore-call.ts';
import { strays } from './delivery/strays.ts';
import { uplinks as openUplinks } from './delivery/uplinks.ts';
import { otpFinished } from './dialects/cm/otp-finished.ts';
import { callFinished, messageEnded, pinged, verificationEnded } from './dialects/native/callback-wording.ts';
import { openHandsetCalls } from './handset/calls/sandbox-calls.ts';
import { openHandset } from './handset/sandbox-handset.ts';
import type { Log } from './observe/log.ts';
import { otpSender } from './otp/send.ts';
import { togetherSender } from './otp/send-together.ts';
import { verificationStarter } from './otp/start-verification.ts';
import { verdicts as openVerdicts } from './otp/verdicts.ts';
import { openVerifications } from './otp/verifications.ts';
import { workflow } from './otp/workflow.ts';
import { numberEraser } from './retention/erase-number.ts';
import { openStore } from './store/open.ts';
import { revisionWatch } from './store/revision-watch.ts';
import type { Clock } from './values/clock.ts';
import { idSource } from './values/id.ts';
import type { Random } from './values/random.ts';
import { loadKeys } from './vault/key-file.ts';
import { openVault } from './vault/open-vault.ts';
import { proveKeys } from './vault/prove-keys.ts';
import { audioDesk } from './voice/audio-desk.ts';
import { DEFAULT_RTP, type RtpPool, rtpPool } from './voice/calls/rtp/rtp-pool.ts';
import { systemResolver } from './voice/calls/sip/targets/resolver.ts';
import { speechOf } from './voice/open-speech.ts';
import { callRenderer } from './voice/render.ts';

/** The outside, as this process sees it. */
export interface World {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly env: NodeJS.ProcessEnv;
}

/** A service that listens. */
export interface Running {
  readonly url: string;
  readonly store: 'sqlite' | 'postgres';
  /** The secrets made by the very first start; null at every later one. */
  readonly first: FirstStart | null;
  /** Takes no more, finishes what was accepted, gives everything back in reverse. Calling it twice waits for the first. */
  stop(): Promise<void>;
}

/** What a carrier that is changed or removed may take to answer what it has. */
const LONGEST_ANSWER_MS = 10_000;
/** A call may ring for a minute and last for ten: one under way is not cut because its trunk was changed. */
const LONGEST_CALL_MS = 660_000;

/** Endpoints are told in Passbell's own words; where an account's calls were always told of, each dialect has its own. */
const wording: Wording = {
  call: callFinished,
  ownCall: (call, to) => (call.dialect === 'cm' ? otpFinished(call, to ?? '') : callFinished(call, to)),
  message: messageEnded,
  verification: verificationEnded,
  ping: pinged,
};

/**
 * The composition root: config → store → speech → carriers, trunks → app → listen. Everything opened registers its undo at once, so a start that
 * fails half way leaves nothing behind, and a stop walks back.
 */
export async function start(config: Config, world: World): Promise<Running> {
  const { clock, random, log, env } = world;
  await using undo = new AsyncDisposableStack();
  const ids = idSource(clock, random);
  const store = await openStore({ dataDir: config.data, databaseUrl: config.databaseUrl, clock, serving: true });
  undo.defer(() => store.close());
  const create = (await store.keyProof.get()) === null;
  const keys = await loadKeys({ path: config.keyFile, env: env['PASSBELL_KEYS'], create }, random, log);
  const vault = openVault(keys, random);
  await proveKeys(vault, store.keyProof.first, env['PASSBELL_KEYS'] ? 'PASSBELL_KEYS' : config.keyFile);
  const audit = auditLog({ store, clock, ids });
  const first = await firstStart({ store, clock, random, ids });
  if (first !== null) {
    const { id } = first.account;
    const created = { action: 'account.create', objectType: 'account', objectId: id, accountId: id } as const;
    await audit({ actor: 'system', requestId: null, ...created });
  }

  const revisions = revisionWatch(store, clock);
  const directory = cachedDirectory({ store, clock, revisions });
  undo.defer(() => directory.close());
  await revisions.start();
  undo.defer(() => revisions.stop());
  const changeAccount = accountDesk(store.accounts, directory.refresh);
  const sessions = auditedSessions(userSessions({ store, clock, random, ids }), audit);

  const handset = openHandset({ store, vault, clock, ids, log });
  undo.defer(() => handset.close());
  const handsetCalls = openHandsetCalls({ store, vault, clock, ids, log, alone: store.kind === 'sqlite' });
  undo.defer(() => handsetCalls.close());
  const speech = speechOf({ dataDir: config.data, piperModels: config.piperModels, clock, log });
  undo.defer(() => speech.close());
  const audio = audioDesk({ store: store.audio, clock, onChange: revisions.onChange });
  const renderCall = callRenderer({ speech, audioFiles: audio });

  const carriers = openUplinks({
    ...{ noun: 'carrier', rows: store.carriers, graceMs: LONGEST_ANSWER_MS, log },
    sandbox: handset.carrier,
    open: openCarrier({ vault, clock, random, log }),
  });
  let rtp: RtpPool | null = null;
  undo.defer(() => rtp?.close());
  const media = () => {
    rtp ??= rtpPool({ ...DEFAULT_RTP, ports: config.rtpPorts, host: rtpHosts(config) }, { random, log });
    return rtp;
  };
  const sip = { listen: config.sipAddress, resolver: systemResolver(), clock, random, log };
  const trunks = openUplinks({
    ...{ noun: 'trunk', rows: store.trunks, graceMs: LONGEST_CALL_MS, log },
    sandbox: handsetCalls.engine,
    open: trunkOpener({ vault, media, ...sip }),
  });

  const lease = nodeLease({ store, clock, ids, log });
  const { onChange } = revisions;
  const signing = signingDesk({ store: store.signingSecrets, vault, clock, random, ids, seen: directory.refresh });
  const { callbackAllow } = config;
  const seen = directory.refresh;
  const callbackEndpoints = endpointDesk({
    ...{ store, signing, vault, allow: callbackAllow, audit, clock, ids, log, seen },
  });
  const receiverOf = receivers({ store, endpoints: callbackEndpoints, signing, clock, onChange });
  const callbacks = openCallbacks({
    ...{ store, allow: callbackAllow, changeAccount, endpoints: callbackEndpoints, audit, lease, clock, random, log },
    compose: composer({ receivers: receiverOf, tell: teller({ facts: store.callbacks, vault, wording }) }),
  });
  const restoreCall = callRestorer({ vault, renderCall, log });
  const onCallbacks = callbacks.due;
  const delivery = openDelivery({
    ...{ store, vault, lease, carriers, trunks, restoreCall, onCallbacks, clock, random, ids, log },
  });
  const refreshUplinks = () => Promise.all([carriers.refresh(), trunks.refresh()]);
  await refreshUplinks();
  onChange(() => {
    refreshUplinks().catch((error) => log.error('uplinks_not_read', {}, error));
  });
  const chores = housekeeping({ store, clock, ids, log });
  chores.start();
  undo.defer(() => chores.stop());

  let ready = true;
  let publicUrl = config.publicUrl ?? `http://${config.listen.host}:${config.listen.port}`;
  const sending = { delivery, carriers, trunks, renderCall, vault, clock, random, ids };
  const lost = strays({ store, lease, deliveries: delivery, callbacks, clock, log });
  const verdicts = openVerdicts({ store, lease, onCallbacks, clock });
  const steps = workflow({ ...sending, store, verdicts, log });
  const verifications = openVerifications({ ...sending, store, verdicts });
  const app = createApp({
    ...{ store, vault, directory, changeAccount, sessions, handset, handsetCalls, audio, signing, callbackAllow },
    callbackEndpoints,
    ...{ delivery, callbacks, carriers, trunks, checkTrunk: trunkCheck(sip), clock, random, ids, log },
    sendOtp: otpSender(sending),
    sendTogether: togetherSender(sending),
    startVerification: verificationStarter(sending),
    ...{ verifications, audit },
    eraseNumber: numberEraser({ store, vault, audit, cancel: (one) => verifications.cancel({ ...one, replay: null }) }),
    get publicUrl() {
      return publicUrl;
    },
    trustedProxies: config.trustedProxies,
    isReady: () => ready,
  });
  undo.defer(() => app.close());
  await lease.start();
  undo.defer(() => lease.stop());
  callbacks.start();
  undo.defer(() => callbacks.drain(config.drainMs));
  delivery.start();
  steps.start();
  lost.start();
  // Before the HTTP side closes: until then callers are told 503, and those already let in get their answers.
  undo.defer(() => delivery.drain(config.drainMs));
  undo.defer(() => verdicts.drain());
  undo.defer(() => steps.stop());
  undo.defer(() => lost.stop());
  await app.listen({ ...config.listen, backlog: 4096 });
  publicUrl = config.publicUrl ?? addressOf(app, config.listen.host);

  const opened = undo.move();
  let stopping: Promise<void> | undefined;
  return {
    url: publicUrl,
    store: store.kind,
    first,
    stop() {
      ready = false;
      stopping ??= opened.disposeAsync();
      return stopping;
    },
  };
}

/** Where the sound of calls is bound: beside their signalling. */
function rtpHosts({ sipAddress: { v4, v6 } }: Config): { readonly 4: string; readonly 6: string } {
  return { 4: v4 ?? '0.0.0.0', 6: v6 ?? '::' };
}

/** Where a browser on this machine finds the service. */
function addressOf(app: FastifyInstance, host: string): string {
  const { port } = app.server.address() as AddressInfo;
  const everywhere = host === '0.0.0.0' || host === '::';
  const name = everywhere ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}
