import { withoutAbsent } from '../uplink/change.ts';
import { readPem } from '../uplink/fields.ts';
import type { ComposedField } from '../uplink/uplink.ts';

/** `tls` of a carrier: true, false, or an object of what is not usual about it. */
export const tlsField: ComposedField = {
  name: 'tls',
  flags: (command) =>
    command
      .option('--tls', 'TLS, with a certificate that a known authority signed')
      .option('--no-tls', 'no TLS (the default)')
      .option('--tls-ca <file>', 'PEM file of the authority that signed the certificate')
      .option('--tls-servername <name>', 'name in the certificate, when it is not the host')
      .option('--tls-insecure', 'take any certificate: whoever is in between can read the codes'),
  change(before, options, { read }) {
    if (options['tls'] === false) return false;
    const inner = {
      ca: read('--tls-ca', options['tlsCa'] as string | undefined, readPem),
      servername: options['tlsServername'],
      insecure: options['tlsInsecure'],
    };
    const given = withoutAbsent(inner);
    const was = typeof before === 'object' && before !== null ? before : {};
    if (Object.keys(given).length > 0) return { ...was, ...given };
    return options['tls'] === true && typeof before !== 'object' ? true : before;
  },
};

export function tlsInWords(tls: unknown): string {
  if (typeof tls !== 'object' || tls === null) return tls === true ? 'on' : 'off';
  const { ca, servername, insecure } = tls as { ca?: unknown; servername?: unknown; insecure?: unknown };
  const parts = [
    'on',
    ca ? 'own authority' : '',
    servername ? `name ${servername}` : '',
    insecure ? 'ANY certificate' : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}
