import fc from 'fast-check';
import type { Hints } from './values.ts';

const some = (...values: unknown[]) => fc.constantFrom(...values);

/** Sound words for the fields of `/admin/v1`; uplinks lead to a port of this machine where nobody listens. */
export const adminHints: Hints = {
  name: some('acme', 'other', 'third'),
  login: fc.uuid().map((id) => `${id}@example.com`),
  country: some('NP', 'IN', 'XX'),
  timezone: some('Asia/Kathmandu', 'UTC', 'Mars/Olympus'),
  sms_credits: some(0, 10, 1e12),
  voice_credits: some(0, 10),
  amount: some(1, 100, -1, -1e12, 1e12),
  host: some('127.0.0.1'),
  port: some(1),
  // Over UDP a check would wait until it gives up.
  transport: some('tcp'),
  // A port of the machine's own would be taken from somebody.
  local_port: some(null),
  public_address: some('127.0.0.1'),
  from_domain: some('example.com'),
  backups: some([], [{ host: '127.0.0.1', port: 1 }]),
  tls_ca: some(null),
  ca: some(null),
  caller_ids: some(['+9771234567']),
  response_timeout: some(1),
  give_up_ms: some(1_000),
  callback_url: some(null, 'http://127.0.0.1/'),
  countries: some(null, ['*'], ['NP']),
  default_voice: some('np_rija'),
  sender: some('Acme', null),
  senders: some(['Acme']),
  to: some('+9779851023212'),
  limit: some('1', '2', '100'),
  cursor: some('MDE5OWEzYzUtN2UyYi03YzQxLTlkMGYtM2I2YTU4YzFlMmY3'),
};

export const CARRIER = {
  ...{ kind: 'smpp', host: '127.0.0.1', port: 1, system_id: 'passbell', password: 'secret', response_timeout: 1 },
};

export const TRUNK = { kind: 'sip', host: '127.0.0.1', port: 1, transport: 'tcp', give_up_ms: 1_000 };
