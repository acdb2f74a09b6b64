import type { Field } from '../uplink/fields.ts';

/** What `parseTrunkConfig` reads. */
export const trunkFields: readonly Field[] = [
  { name: 'host', kind: 'text', placeholder: 'host', help: 'name or address of the trunk' },
  {
    name: 'port',
    kind: 'number',
    placeholder: 'n',
    help: 'its port (default: as the DNS says, or else 5060, over TLS 5061)',
  },
  { name: 'transport', kind: 'text', placeholder: 'name', help: 'udp, tcp or tls (default: udp)' },
  {
    name: 'backups',
    kind: 'hosts',
    placeholder: 'hosts',
    help: 'hosts to be tried in turn when those before do not answer: host or host:port, with commas, at most 7',
  },
  { name: 'scheme', kind: 'text', placeholder: 'name', help: 'of addresses: sip, or sips over TLS (default: sip)' },
  {
    name: 'tls_ca',
    kind: 'pem',
    placeholder: 'file',
    help: 'PEM file of the authority that signed its certificate (default: those that Node.js trusts)',
  },
  {
    name: 'username',
    kind: 'text',
    placeholder: 'name',
    help: 'as the trunk gave it out, with a password (default: it knows this machine by its address)',
  },
  {
    name: 'auth_username',
    kind: 'text',
    placeholder: 'name',
    help: 'the name that belongs to the password, when it is another',
  },
  {
    name: 'from_domain',
    kind: 'text',
    placeholder: 'name',
    help: 'what stands behind the @ of our own address (default: the host)',
  },
  {
    name: 'from_user',
    kind: 'text',
    placeholder: 'who',
    help: 'who a call is from: the caller, or always the account (default: caller)',
  },
  { name: 'register', kind: 'flag', placeholder: '', help: 'keep our address registered at the trunk' },
  {
    name: 'register_expires',
    kind: 'number',
    placeholder: 's',
    help: 'seconds that a registration is asked to last, 60 to 86400 (default: 600)',
  },
  {
    name: 'local_port',
    kind: 'number',
    placeholder: 'n',
    help: 'UDP port that we call from, for firewalls that let in that one alone (default: any that is free)',
  },
  {
    name: 'public_address',
    kind: 'text',
    placeholder: 'address',
    help: 'IP address that the trunk sees us at, behind a NAT that keeps ports (default: our own)',
  },
  {
    name: 'codecs',
    kind: 'list',
    placeholder: 'list',
    help: 'those offered, the preferred one first (default: pcma,pcmu)',
  },
  {
    name: 'max_calls',
    kind: 'number',
    placeholder: 'n',
    help: 'calls at a time that the contract allows, 1 to 2000 (default: 30)',
  },
  {
    name: 'trusted_identity',
    kind: 'flag',
    placeholder: '',
    help: 'tell the trunk who calls, also of calls that hide it',
  },
  {
    name: 'caller_ids',
    kind: 'list',
    placeholder: 'list',
    help: 'numbers that may be shown, with + and commas; the first stands for any other (default: all may)',
  },
  {
    name: 'number_format',
    kind: 'text',
    placeholder: 'how',
    help: 'e164, with +, or digits, without (default: e164)',
  },
  {
    name: 'max_call_seconds',
    kind: 'number',
    placeholder: 's',
    help: 'seconds from the answer, then a call is ended, 10 to 600 (default: 120)',
  },
  {
    name: 'give_up_ms',
    kind: 'number',
    placeholder: 'ms',
    help: 'wait for any answer to a call before the next host is tried, 1000 to 30000 (default: 5000)',
  },
];
