import { AddressRefused, HostUnknown } from './guard.ts';

/**
 * Why a callback got no answer. `address_refused`: its host is inside. `host_unknown`: it has no address. `unreachable`: no connection.
 * `tls`: none that can be trusted. `timeout`: no answer in time. `broken`: the connection ended, or what came was no HTTP.
 */
export type FetchFailure = 'address_refused' | 'host_unknown' | 'unreachable' | 'tls' | 'timeout' | 'broken';

const UNREACHABLE = new Set([
  ...['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'EHOSTDOWN', 'ETIMEDOUT', 'EADDRNOTAVAIL', 'EACCES'],
  ...['EINVAL', 'EMFILE', 'ENFILE', 'UND_ERR_CONNECT_TIMEOUT'],
]);

/** Names of OpenSSL's verification results (X509_V_ERR_…), as Node gives them in `code`. */
const CERTIFICATE = /CERT|SIGNATURE|_CA$|CRL|ISSUER|HOSTNAME_MISMATCH|PATH_LENGTH/;

export function failureOf(error: Error): FetchFailure {
  if (error instanceof AddressRefused) return 'address_refused';
  if (error instanceof HostUnknown) return 'host_unknown';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (UNREACHABLE.has(code)) return 'unreachable';
  if (code === 'EPROTO' || code.startsWith('ERR_TLS') || code.startsWith('ERR_SSL') || CERTIFICATE.test(code))
    return 'tls';
  return 'broken';
}
