import type { AccountDesk } from './accounts/account-desk.ts';
import type { AuditLog } from './accounts/audit-log.ts';
import type { Directory } from './accounts/directory.ts';
import type { Sessions } from './accounts/sessions.ts';
import type { AllowList } from './callbacks/allow-list.ts';
import type { EndpointDesk } from './callbacks/endpoint-desk.ts';
import type { Callbacks } from './callbacks/open-callbacks.ts';
import type { SigningDesk } from './callbacks/signing-desk.ts';
import type { TrunkCheck } from './delivery/check-trunk.ts';
import type { Delivery } from './delivery/delivery.ts';
import type { Uplinks } from './delivery/uplinks.ts';
import type { HandsetCalls } from './handset/calls/handset-calls.ts';
import type { Handset } from './handset/handset.ts';
import type { Log } from './observe/log.ts';
import type { SendsOtp, SendsTogether } from './otp/send-otp.ts';
import type { StartsVerification, Verifications } from './otp/verification.ts';
import type { ErasesNumber } from './retention/erase-number.ts';
import type { Carrier } from './sms/carrier.ts';
import type { Store } from './store/store.ts';
import type { Clock } from './values/clock.ts';
import type { IdSource } from './values/id.ts';
import type { Random } from './values/random.ts';
import type { Vault } from './vault/vault.ts';
import type { AudioDesk } from './voice/audio-desk.ts';
import type { CallEngine } from './voice/calls/call-engine.ts';

/** Everything the HTTP side stands on. */
export interface AppDeps {
  readonly store: Store;
  readonly vault: Vault;
  readonly directory: Directory;
  readonly changeAccount: AccountDesk;
  readonly sessions: Sessions;
  readonly audit: AuditLog;
  readonly eraseNumber: ErasesNumber;
  readonly sendOtp: SendsOtp;
  readonly sendTogether: SendsTogether;
  readonly startVerification: StartsVerification;
  readonly verifications: Verifications;
  readonly handset: Handset;
  readonly handsetCalls: HandsetCalls;
  readonly audio: AudioDesk;
  readonly callbacks: Callbacks;
  readonly signing: SigningDesk;
  readonly callbackEndpoints: EndpointDesk;
  /** Where callbacks may go besides public addresses. */
  readonly callbackAllow: AllowList;
  readonly delivery: Delivery;
  readonly carriers: Uplinks<Carrier>;
  readonly trunks: Uplinks<CallEngine>;
  readonly checkTrunk: TrunkCheck;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: IdSource;
  readonly log: Log;
  /**
   * Without a trailing slash; what absolute URLs in answers are built from, never the Host header. To be read at each use: with port 0
   * it is known only once the service listens.
   */
  readonly publicUrl: string;
  /** Addresses or CIDRs of proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  /** Whether the node takes work: false from SIGTERM on. */
  readonly isReady: () => boolean;
}
