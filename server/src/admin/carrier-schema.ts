import { Type } from '@sinclair/typebox';
import { choice, flag, hostField, setting, text, whole } from './setting-schemas.ts';
import { uplinkAnswer, uplinkBody } from './uplink-schema.ts';

const tls = Type.Object(
  {
    ca: setting(Type.String(), { description: 'PEM of the authorities that may have signed its certificate.' }),
    servername: text(1, 253, 'The name in its certificate, where it is not the host’s.'),
    insecure: flag('Take any certificate: whoever sits on the way can then read every code.', false),
  },
  { additionalProperties: false },
);

/** The settings that `parseSmppConfig` reads. */
const settings = {
  host: hostField,
  port: whole(1, 65_535, 'Where the SMSC listens.', 2775),
  tls: setting(Type.Union([Type.Boolean(), tls]), { description: 'Whether, and how.', default: false }),
  system_id: Type.String({
    minLength: 1,
    maxLength: 15,
    pattern: '^[ -~]*$',
    description: 'As the carrier gave it out.',
  }),
  password: text(0, 64, 'As the carrier gave it out. Left out of a change: as it was.'),
  system_type: text(0, 12, 'Where the carrier says so.'),
  address_range: text(0, 40, 'Where the carrier says so.'),
  mode: choice(['transceiver', 'transmitter_receiver'], 'One session for both ways, or one for each.'),
  binds: whole(1, 32, 'Sessions, or pairs of them.', 1),
  window: whole(1, 1_000, 'Unanswered submits for each bind.', 50),
  rate: whole(1, 100_000, 'Parts a second over all binds; left out: as fast as the windows allow.'),
  response_timeout: whole(1, 120, 'Seconds; then a message is in doubt.', 10),
  enquire_interval: whole(1, 600, 'Seconds of quiet before an enquire_link.', 30),
  sender: setting(Type.String({ minLength: 1, maxLength: 21 }), {
    description: 'Source address of messages that name none.',
    examples: ['Acme'],
  }),
  source_ton: whole(0, 7, 'Left out: by the address.'),
  source_npi: whole(0, 18, 'Left out: by the address.'),
  dest_ton: whole(0, 7, 'Left out: by the address.'),
  dest_npi: whole(0, 18, 'Left out: by the address.'),
  long: choice(['udh', 'sar', 'payload'], 'How parts are joined.'),
  alphabet: choice(['gsm7', 'ascii', 'latin1'], 'What the SMSC takes data_coding 0 to be.'),
  data_coding: choice([0, 1, 3], 'Of text in that alphabet.'),
  validity: choice(['relative', 'absolute', 'none'], 'The form of validity_period.'),
  service_type: text(0, 5, 'As in submit_sm.'),
  priority_flag: whole(0, 3, 'As in submit_sm.', 0),
  replace_if_present: flag('As in submit_sm.', false),
  receipts: flag('Ask for a receipt of each message.', true),
  receipt_id_base: choice(['same', 'hex-to-dec', 'dec-to-hex'], 'How ids are written in receipts.'),
  receipt_utc_offset: whole(-720, 840, 'Minutes that `done date` is ahead of UTC.', 0),
};

export const carrierBody = uplinkBody('CarrierSettings', 'smpp', settings);
export const carrierAnswer = uplinkAnswer('Carrier', 'smpp', settings);
