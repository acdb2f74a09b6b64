import { type Command, Option } from 'commander';

/** A field of a carrier's configuration, as the admin API and `parseSmppConfig` name it, and its option here. */
interface Field {
  readonly name: string;
  readonly placeholder: string;
  readonly help: string;
  readonly kind: 'text' | 'number' | 'flag';
}

/** Ranges and defaults stand where the configuration is read; its faults name them. */
export const FIELDS: readonly Field[] = [
  { name: 'host', kind: 'text', placeholder: 'host', help: 'name or address of the SMSC' },
  { name: 'port', kind: 'number', placeholder: 'n', help: 'its port (default: 2775)' },
  { name: 'system_id', kind: 'text', placeholder: 'id', help: 'the user name that the carrier gave out for SMPP' },
  { name: 'system_type', kind: 'text', placeholder: 'text', help: 'as the carrier says (default: empty)' },
  { name: 'address_range', kind: 'text', placeholder: 'text', help: 'as the carrier says (default: empty)' },
  {
    name: 'mode',
    kind: 'text',
    placeholder: 'mode',
    help: 'transceiver or transmitter_receiver (default: transceiver)',
  },
  { name: 'binds', kind: 'number', placeholder: 'n', help: 'sessions at once, 1 to 32 (default: 1)' },
  {
    name: 'window',
    kind: 'number',
    placeholder: 'n',
    help: 'unanswered messages for each bind, 1 to 1000 (default: 50)',
  },
  {
    name: 'rate',
    kind: 'number',
    placeholder: 'n',
    help: 'messages a second that the contract allows (default: no limit)',
  },
  { name: 'response_timeout', kind: 'number', placeholder: 's', help: 'seconds to wait for an answer (default: 10)' },
  { name: 'enquire_interval', kind: 'number', placeholder: 's', help: 'seconds between signs of life (default: 30)' },
  { name: 'sender', kind: 'text', placeholder: 'text', help: "sender when none is named (default: the carrier's own)" },
  { name: 'source_ton', kind: 'number', placeholder: 'n', help: "type of the sender's number (default: by its form)" },
  { name: 'source_npi', kind: 'number', placeholder: 'n', help: "numbering plan of the sender's number" },
  {
    name: 'dest_ton',
    kind: 'number',
    placeholder: 'n',
    help: "type of the receiver's number (default: international)",
  },
  { name: 'dest_npi', kind: 'number', placeholder: 'n', help: "numbering plan of the receiver's number" },
  { name: 'long', kind: 'text', placeholder: 'how', help: 'long messages by udh, sar or payload (default: udh)' },
  {
    name: 'alphabet',
    kind: 'text',
    placeholder: 'name',
    help: 'what the SMSC takes data_coding 0 for: gsm7, ascii, latin1',
  },
  {
    name: 'data_coding',
    kind: 'number',
    placeholder: 'n',
    help: 'of texts that need no Unicode: 0, 1 or 3 (default: 0)',
  },
  { name: 'validity', kind: 'text', placeholder: 'form', help: 'validity_period: relative, absolute or none' },
  { name: 'service_type', kind: 'text', placeholder: 'text', help: 'as the carrier says (default: empty)' },
  { name: 'priority_flag', kind: 'number', placeholder: 'n', help: '0 to 3 (default: 0)' },
  {
    name: 'replace_if_present',
    kind: 'flag',
    placeholder: '',
    help: 'ask the SMSC to replace a message that still waits',
  },
  { name: 'receipts', kind: 'flag', placeholder: '', help: 'ask for delivery receipts (the default)' },
  {
    name: 'receipt_id_base',
    kind: 'text',
    placeholder: 'how',
    help: 'message ids in receipts: same, hex-to-dec, dec-to-hex',
  },
  { name: 'receipt_utc_offset', kind: 'number', placeholder: 'min', help: "the SMSC's clock against UTC, minutes" },
];

/** Gives `command` an option for each field, and those that `carrierChange` reads beside them. */
export function carrierFlags(command: Command): Command {
  for (const { name, kind, placeholder, help } of FIELDS) {
    const flag = name.replaceAll('_', '-');
    if (kind === 'flag') command.option(`--${flag}`, help).option(`--no-${flag}`, 'do not');
    else command.option(`--${flag} <${placeholder}>`, help);
  }
  return command
    .option('--tls', 'TLS, with a certificate that a known authority signed')
    .option('--no-tls', 'no TLS (the default)')
    .option('--tls-ca <file>', 'PEM file of the authority that signed the certificate')
    .option('--tls-servername <name>', 'name in the certificate, when it is not the host')
    .option('--tls-insecure', 'take any certificate: whoever is in between can read the codes')
    .option('--priority <n>', 'lower is tried first, equal ones share (default: 100)')
    .option('--password-stdin', 'read the password from standard input')
    .addOption(new Option('--password-env <name>', 'take the password from this variable').conflicts('passwordStdin'))
    .addOption(
      new Option('--password <text>', 'the password: stays in the history of the shell').conflicts([
        'passwordStdin',
        'passwordEnv',
      ]),
    );
}
