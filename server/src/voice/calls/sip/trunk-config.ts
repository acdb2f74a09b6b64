import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { Fault } from '../../../errors.ts';
import { ConfigFields } from '../../../values/config-fields.ts';
import { Secret } from '../../../values/secret.ts';
import type { G711 } from '../../audio/clip.ts';
import { isE164 } from './call/number.ts';
import { isHost } from './targets/host.ts';
import type { Place } from './targets/locate.ts';

/** Who we are to a trunk that asks for it (RFC 8760, RFC 7616). */
export interface TrunkCredentials {
  /** The user of our address, as in `sip:username@host`. */
  readonly username: string;
  /** The name that digests are made with, where it is another. */
  readonly authUsername: string;
  readonly password: Secret;
}

/**
 * One SIP trunk, as its operator configured it. In JSON:
 *
 * | field | default | what it is |
 * |---|---|---|
 * | `host` | – | name or IP address of the trunk |
 * | `port` | by DNS | absent: the SRV record of `host` says, or else 5060, over TLS 5061 |
 * | `transport` | udp | or `tcp`, `tls` |
 * | `backups` | none | `[{host, port}]`, at most 7, tried in order when those before do not answer |
 * | `scheme` | sip | `sips`, with `tls`, for trunks that want it in addresses |
 * | `tls_ca` | none | PEM of the authorities that may have signed its certificate; absent: those that Node.js trusts |
 * | `username`, `password` | none | as the trunk gave them out; absent: it knows us by our address |
 * | `auth_username` | `username` | the name that belongs to the password, where it is another |
 * | `from_domain` | `host` | what stands behind the @ of our own address |
 * | `from_user` | caller | who a call is from: the number shown, or always the `account`, for trunks that know callers by it |
 * | `register` | false | keep our address registered there |
 * | `register_expires` | 600 | seconds, 60–86,400, that a registration is asked to last |
 * | `local_port` | any free one | UDP port that we call from, for firewalls that let in that one alone |
 * | `public_address` | our own | IP address that the trunk sees us at, behind a NAT that keeps ports |
 * | `codecs` | pcma, pcmu | those offered, the preferred one first |
 * | `max_calls` | 30 | calls at a time, 1–2000: what the contract with the trunk says |
 * | `trusted_identity` | false | the trunk may know who hides: it gets P-Asserted-Identity (RFC 3325) |
 * | `caller_ids` | any | numbers in E.164 that may be shown, at most 1000; the first stands for any other. Absent: all may |
 * | `number_format` | e164 | with `+`, or `digits` without |
 * | `max_call_seconds` | 120 | 10–600, from the answer; then the call is ended |
 * | `give_up_ms` | 5000 | 1000–30,000 without any answer to an INVITE; then the next host is tried |
 */
export interface TrunkConfig {
  /** The host, and then its backups. */
  readonly places: readonly [Place, ...Place[]];
  readonly scheme: 'sip' | 'sips';
  readonly tlsCa: string | null;
  /** Null: none are needed. */
  readonly credentials: TrunkCredentials | null;
  readonly fromDomain: string;
  readonly fromUser: 'caller' | 'account';
  readonly register: boolean;
  readonly registerExpiresMs: number;
  /** Null: any that is free. */
  readonly localPort: number | null;
  /** What Contact and SDP name; null: the address that the system calls from. */
  readonly publicAddress: string | null;
  readonly codecs: readonly G711[];
  readonly maxCalls: number;
  readonly trustedIdentity: boolean;
  /** Empty: any. */
  readonly callerIds: readonly string[];
  readonly numberFormat: 'e164' | 'digits';
  readonly maxCallMs: number;
  readonly giveUpMs: number;
}

const MAX_BACKUPS = 7;
const MAX_CALLER_IDS = 1_000;
/** Seconds that a registration may last. Trunks mostly shorten it; NAT forgets UDP sooner than any of these. */
const REGISTER_EXPIRES = [60, 86_400, 600] as const;

/**
 * Reads a trunk's configuration from the JSON of the admin API (`PUT /admin/v1/trunks/{name}`). Every fault at once, each with its
 * field and what to do; none of them repeats a value, which may be a password.
 */
export function parseTrunkConfig(
  json: unknown,
): { readonly config: TrunkConfig } | { readonly faults: readonly Fault[] } {
  const fields = new ConfigFields(json);
  fields.choice('kind', ['sip'], 'sip');
  const transport = fields.choice('transport', ['udp', 'tcp', 'tls'], 'udp');
  const host = hostOf(fields);
  const config: TrunkConfig = {
    places: [{ host, port: fields.integer('port', 1, 65_535, null), transport }, ...backups(fields, transport)],
    scheme: scheme(fields, transport),
    tlsCa: tlsCa(fields, transport),
    credentials: credentials(fields),
    fromDomain: hostOf(fields, 'from_domain', host),
    fromUser: fields.choice('from_user', ['caller', 'account'], 'caller'),
    register: fields.flag('register', false),
    registerExpiresMs: 1_000 * fields.integer('register_expires', ...REGISTER_EXPIRES),
    localPort: fields.integer('local_port', 1, 65_535, null),
    publicAddress: publicAddress(fields),
    codecs: codecs(fields),
    maxCalls: fields.integer('max_calls', 1, 2_000, 30),
    trustedIdentity: fields.flag('trusted_identity', false),
    callerIds: callerIds(fields),
    numberFormat: fields.choice('number_format', ['e164', 'digits'], 'e164'),
    maxCallMs: 1_000 * fields.integer('max_call_seconds', 10, 600, 120),
    giveUpMs: fields.integer('give_up_ms', 1_000, 30_000, 5_000),
  };
  if (config.register && fields.raw('username') === undefined)
    fields.fault('register', 'Needs a username and a password: set them, or leave it false.');
  fields.refuseOthers();
  return fields.faults.length > 0 ? { faults: fields.faults } : { config };
}

function hostOf(fields: ConfigFields, name = 'host', fallback?: string): string {
  const value = fields.raw(name);
  if (value === undefined && fallback !== undefined) return fallback;
  if (typeof value === 'string' && isHost(value)) return value;
  fields.fault(name, 'Must be a host name or an IP address, without scheme, port or brackets.');
  return '';
}

function backups(fields: ConfigFields, transport: Place['transport']): Place[] {
  const value = fields.raw('backups');
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.length > MAX_BACKUPS) {
    fields.fault('backups', `Must be a list of at most ${MAX_BACKUPS} objects of host and port.`);
    return [];
  }
  return value.map((one: unknown, at) => {
    const inner = new ConfigFields(one, `backups.${at}.`);
    const place = { host: hostOf(inner), port: inner.integer('port', 1, 65_535, null), transport };
    inner.refuseOthers();
    fields.faults.push(...inner.faults);
    return place;
  });
}

function scheme(fields: ConfigFields, transport: Place['transport']): TrunkConfig['scheme'] {
  const value = fields.choice('scheme', ['sip', 'sips'], 'sip');
  // RFC 3261 §19.1: a sips URI means TLS on every hop.
  if (value === 'sips' && transport !== 'tls') fields.fault('scheme', 'sips needs TLS: set transport to tls.');
  return value;
}

function tlsCa(fields: ConfigFields, transport: Place['transport']): string | null {
  const value = fields.raw('tls_ca');
  if (value === undefined) return null;
  if (transport !== 'tls')
    fields.fault('tls_ca', 'Means something with TLS alone: set transport to tls, or remove it.');
  try {
    if (typeof value === 'string' && new X509Certificate(value).subject !== undefined) return value;
  } catch {
    // Said below.
  }
  fields.fault('tls_ca', 'Must be one or more certificates in PEM, beginning with -----BEGIN CERTIFICATE-----.');
  return null;
}

function credentials(fields: ConfigFields): TrunkCredentials | null {
  const username = userName(fields, 'username');
  const authUsername = userName(fields, 'auth_username') ?? username;
  const password = fields.text('password', 0, 128, null);
  if (username === null) {
    const missing = fields.raw('username') === undefined && (password !== null || authUsername !== null);
    if (missing) fields.fault('username', 'Must stand beside a password; or remove both.');
    return null;
  }
  if (password === null) fields.fault('password', 'Must stand beside the username; or remove both.');
  return { username, authUsername: authUsername ?? username, password: new Secret(password ?? '') };
}

/** Printable ASCII without what ends a user part, a quoted string or a header (RFC 3261 §25.1). */
function userName(fields: ConfigFields, name: string): string | null {
  const value = fields.raw(name);
  if (value === undefined) return null;
  if (typeof value === 'string' && /^[!#-;=?-[\]-~]{1,64}$/.test(value)) return value;
  fields.fault(name, 'Must be 1 to 64 printable ASCII characters without spaces, quotes, backslashes, < or >.');
  return null;
}

function publicAddress(fields: ConfigFields): string | null {
  const value = fields.raw('public_address');
  if (value === undefined) return null;
  if (typeof value === 'string' && isIP(value) !== 0 && isHost(value)) return value;
  fields.fault('public_address', 'Must be an IP address, without port or brackets.');
  return null;
}

function codecs(fields: ConfigFields): readonly G711[] {
  const value = fields.raw('codecs');
  if (value === undefined) return ['pcma', 'pcmu'];
  const known = Array.isArray(value) && value.every((one) => one === 'pcma' || one === 'pcmu');
  if (known && value.length > 0 && new Set(value).size === value.length) return value;
  fields.fault('codecs', 'Must be a list of "pcma" and "pcmu", or of one of them, the preferred one first.');
  return [];
}

function callerIds(fields: ConfigFields): readonly string[] {
  const value = fields.raw('caller_ids');
  if (value === undefined) return [];
  const isList = Array.isArray(value) && value.length <= MAX_CALLER_IDS;
  if (isList && value.every((one: unknown) => typeof one === 'string' && isE164(one))) return value;
  fields.fault('caller_ids', `Must be a list of at most ${MAX_CALLER_IDS} numbers in E.164, each with its +.`);
  return [];
}
