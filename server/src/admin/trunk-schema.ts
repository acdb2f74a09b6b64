import { Type } from '@sinclair/typebox';
import { choice, flag, hostField, setting, text, whole } from './setting-schemas.ts';
import { uplinkAnswer, uplinkBody } from './uplink-schema.ts';

const backup = Type.Object(
  { host: hostField, port: whole(1, 65_535, 'Left out: as for the host.') },
  { additionalProperties: false },
);
const callerIds = Type.Array(Type.String({ examples: ['+97715970000'] }), { maxItems: 1_000 });
const codecs = Type.Array(Type.Union([Type.Literal('pcma'), Type.Literal('pcmu')]), { minItems: 1, maxItems: 2 });

/** The settings that `parseTrunkConfig` reads. */
const settings = {
  host: hostField,
  port: whole(1, 65_535, 'Left out: the SRV record of `host` says, or else 5060, over TLS 5061.'),
  transport: choice(['udp', 'tcp', 'tls'], 'How SIP goes there.'),
  backups: setting(Type.Array(backup, { maxItems: 7 }), {
    description: 'Tried in order when those before do not answer.',
  }),
  scheme: choice(['sip', 'sips'], '`sips` is for trunks that want it in addresses, with TLS.'),
  tls_ca: setting(Type.String(), { description: 'PEM of the authorities that may have signed its certificate.' }),
  username: text(1, 128, 'As the trunk gave it out; left out: it knows us by our address.'),
  password: text(0, 128, 'As the trunk gave it out. Left out of a change: as it was.'),
  auth_username: text(1, 128, 'The name that belongs to the password, where it is another.'),
  from_domain: setting(hostField, { description: 'What stands behind the @ of our own address; left out: `host`.' }),
  from_user: choice(['caller', 'account'], 'Who a call is from: the number shown, or always the account.'),
  register: flag('Keep our address registered there.', false),
  register_expires: whole(60, 86_400, 'Seconds that a registration is asked to last.', 600),
  local_port: whole(1, 65_535, 'UDP port that we call from; left out: any free one.'),
  public_address: setting(Type.String(), { description: 'IP address that the trunk sees us at, behind a NAT.' }),
  codecs: setting(codecs, { description: 'Those offered, the preferred one first; left out: both.' }),
  max_calls: whole(1, 2_000, 'Calls at a time.', 30),
  trusted_identity: flag('The trunk may know who hides: it gets P-Asserted-Identity (RFC 3325).', false),
  caller_ids: setting(callerIds, {
    description: 'Numbers that may be shown, E.164; the first stands for any other. Left out: all may.',
  }),
  number_format: choice(['e164', 'digits'], 'With `+` or without.'),
  max_call_seconds: whole(10, 600, 'From the answer; then the call is ended.', 120),
  give_up_ms: whole(1_000, 30_000, 'Milliseconds without any answer; then the next host is tried.', 5_000),
};

export const trunkBody = uplinkBody('TrunkSettings', 'sip', settings);
export const trunkAnswer = uplinkAnswer('Trunk', 'sip', settings);
