import { X509Certificate } from 'node:crypto';
import type { Fault } from '../../errors.ts';
import type { TlsRules } from '../../net/dial.ts';
import { ConfigFields } from '../../values/config-fields.ts';
import { Secret } from '../../values/secret.ts';
import type { MessageRules } from './message/outgoing.ts';
import { ADDRESS_RANGE_SIZE, PASSWORD_SIZE, SYSTEM_ID_SIZE, SYSTEM_TYPE_SIZE } from './pdu/bind.ts';
import type { SubmitProfile } from './pdu/submit-sm.ts';
import type { ReceiptRules } from './receipt/receipt.ts';
import type { LinkConfig } from './session/link.ts';

/**
 * One SMSC, as its operator configured it. In JSON:
 *
 * | field | default | what it is |
 * |---|---|---|
 * | `host`, `port` | –, 2775 | where the SMSC listens |
 * | `tls` | false | `true`, or `{ca, servername, insecure}`: see `TlsRules` |
 * | `system_id`, `password` | – | ≤ 15 and ≤ 64 characters; by the specification a password has at most 8 |
 * | `system_type`, `address_range` | empty | ≤ 12 and ≤ 40 characters; set them when the carrier says so |
 * | `mode` | transceiver | or `transmitter_receiver`: a session for each way, for SMSCs without transceivers |
 * | `binds` | 1 | sessions, or pairs of them, 1–32; those that the SMSC refuses are tried again for ever |
 * | `window` | 50 | unanswered submits for each bind, 1–1000 |
 * | `rate` | none | parts a second over all binds, 1–100,000: what the contract with the carrier says |
 * | `response_timeout` | 10 | seconds, 1–120, for connections and answers; then a message is in doubt |
 * | `enquire_interval` | 30 | seconds of quiet, 1–600, before an enquire_link |
 * | `sender` | none | source address of messages that name none |
 * | `source_ton`, `source_npi`, `dest_ton`, `dest_npi` | by address | see `sourceAddress`, `destinationAddress` |
 * | `long` | udh | how parts are joined: `udh`, `sar`, or whole in `payload` (message_payload) |
 * | `alphabet` | gsm7 | what the SMSC takes data_coding 0 to be: or `ascii`, `latin1`; `carrier check` with a number shows it |
 * | `data_coding` | 0 | of text in that alphabet: or 1, 3. UCS-2 is always 8 |
 * | `validity` | relative | form of validity_period: or `absolute`, `none`, for SMSCs that refuse it |
 * | `service_type`, `priority_flag`, `replace_if_present` | empty, 0, false | as they are in submit_sm |
 * | `receipts` | true | ask for a receipt of each message |
 * | `receipt_id_base` | same | `hex-to-dec`, `dec-to-hex`: see `ReceiptIdBase` |
 * | `receipt_utc_offset` | 0 | minutes that the SMSC's `done date` is ahead of UTC |
 */
export interface SmppConfig extends LinkConfig, SubmitProfile, MessageRules, ReceiptRules {
  readonly mode: 'transceiver' | 'transmitter_receiver';
  readonly binds: number;
  /** Null: as fast as the windows allow. */
  readonly rate: number | null;
}

/** Defaults that have a reason of their own. */
const DEFAULTS = {
  /** The port that IANA lists for SMPP. */
  port: 2775,
  /** Unanswered submits for each bind. SMSCs allow 10 to 100; 50 at 100 ms are 500 messages a second. */
  window: 50,
  /** Seconds. Longer than an SMSC takes on a bad day, and short beside the life of a code. */
  responseTimeout: 10,
  /** Seconds. SMSCs drop sessions that were quiet for one minute or more. */
  enquireInterval: 30,
} as const;

const TON_MAX = 7;
const NPI_MAX = 18;
const SERVICE_TYPE_MAX = 5;
/** Minutes: UTC−12:00 to UTC+14:00. */
const UTC_OFFSETS = [-720, 840] as const;

/**
 * Reads a carrier's configuration from the JSON of the admin API (`PUT /admin/v1/carriers/{name}`).
 * Every fault at once, each with its field and what to do; none of them repeats a value, which may be a password.
 */
export function parseSmppConfig(
  json: unknown,
): { readonly config: SmppConfig } | { readonly faults: readonly Fault[] } {
  const fields = new ConfigFields(json);
  fields.choice('kind', ['smpp'], 'smpp');
  const config: SmppConfig = {
    host: host(fields),
    port: fields.integer('port', 1, 65_535, DEFAULTS.port),
    tls: tls(fields),
    systemId: fields.text('system_id', 1, SYSTEM_ID_SIZE - 1),
    password: new Secret(fields.text('password', 0, PASSWORD_SIZE - 1)),
    systemType: fields.text('system_type', 0, SYSTEM_TYPE_SIZE - 1, ''),
    addressRange: fields.text('address_range', 0, ADDRESS_RANGE_SIZE - 1, ''),
    mode: fields.choice('mode', ['transceiver', 'transmitter_receiver'], 'transceiver'),
    binds: fields.integer('binds', 1, 32, 1),
    window: fields.integer('window', 1, 1_000, DEFAULTS.window),
    rate: fields.integer('rate', 1, 100_000, null),
    responseTimeoutMs: 1_000 * fields.integer('response_timeout', 1, 120, DEFAULTS.responseTimeout),
    enquireIntervalMs: 1_000 * fields.integer('enquire_interval', 1, 600, DEFAULTS.enquireInterval),
    ...messageRules(fields),
    serviceType: fields.text('service_type', 0, SERVICE_TYPE_MAX, ''),
    priorityFlag: fields.integer('priority_flag', 0, 3, 0),
    replaceIfPresent: fields.flag('replace_if_present', false),
    receipts: fields.flag('receipts', true),
    receiptIdBase: fields.choice('receipt_id_base', ['same', 'hex-to-dec', 'dec-to-hex'], 'same'),
    receiptUtcOffsetMinutes: fields.integer('receipt_utc_offset', ...UTC_OFFSETS, 0),
  };
  fields.refuseOthers();
  return fields.faults.length > 0 ? { faults: fields.faults } : { config };
}

function messageRules(fields: ConfigFields): MessageRules {
  return {
    sender: sender(fields),
    sourceTon: fields.integer('source_ton', 0, TON_MAX, null),
    sourceNpi: fields.integer('source_npi', 0, NPI_MAX, null),
    destTon: fields.integer('dest_ton', 0, TON_MAX, null),
    destNpi: fields.integer('dest_npi', 0, NPI_MAX, null),
    long: fields.choice('long', ['udh', 'sar', 'payload'], 'udh'),
    alphabet: fields.choice('alphabet', ['gsm7', 'ascii', 'latin1'], 'gsm7'),
    dataCoding: fields.choice('data_coding', [0, 1, 3], 0),
    validity: fields.choice('validity', ['relative', 'absolute', 'none'], 'relative'),
  };
}

/** What `sourceAddress` sends as it is. */
function sender(fields: ConfigFields): string | null {
  const value = fields.raw('sender');
  if (value === undefined) return null;
  if (typeof value === 'string' && /^(\+[0-9]{4,15}|[0-9]{1,20}|[\x20-\x7e]{1,11})$/.test(value)) return value;
  fields.fault(
    'sender',
    'Must be a name of at most 11 ASCII characters, a number with +, or a short code of at most 20 digits.',
  );
  return null;
}

/** A name or an address. Not a URL, not `host:port`: both are typed often. */
function host(fields: ConfigFields): string {
  const value = fields.raw('host');
  if (typeof value === 'string' && value.length <= 253) {
    if (/^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_.])?$/i.test(value) || /^[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*$/i.test(value))
      return value;
  }
  fields.fault('host', 'Must be a host name or an IP address, without scheme, port or brackets.');
  return '';
}

/** `false`, `true`, or `{ca, servername, insecure}`. */
function tls(fields: ConfigFields): TlsRules | null {
  const value = fields.raw('tls');
  if (value === undefined || value === false) return null;
  if (value === true) return { ca: null, servername: null, insecure: false };
  if (typeof value !== 'object') {
    fields.fault('tls', 'Must be true, false, or an object of ca, servername and insecure.');
    return null;
  }
  const inner = new ConfigFields(value, 'tls.');
  const rules = {
    ca: certificates(inner),
    servername: inner.text('servername', 1, 253, null),
    insecure: inner.flag('insecure', false),
  };
  inner.refuseOthers();
  fields.faults.push(...inner.faults);
  return rules;
}

function certificates(fields: ConfigFields): string | null {
  const value = fields.raw('ca');
  if (value === undefined) return null;
  try {
    if (typeof value === 'string' && new X509Certificate(value).subject !== undefined) return value;
  } catch {
    // Said below.
  }
  fields.fault('ca', 'Must be one or more certificates in PEM, beginning with -----BEGIN CERTIFICATE-----.');
  return null;
}
