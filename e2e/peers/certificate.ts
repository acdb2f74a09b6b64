import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** A certificate of the test's own authority, as files. */
export interface Certificate {
  /** The authority, PEM: what a client has to trust. */
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/**
 * Makes an authority and one certificate of it for these names, such as `DNS:localhost` and `IP:127.0.0.1`, in `folder`. Valid for two
 * days.
 */
export function makeCertificate(folder: string, names = ['DNS:localhost', 'IP:127.0.0.1', 'IP:::1']): Certificate {
  const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const authority = ['-keyout', 'authority.key', '-out', 'authority.pem', '-subj', '/CN=Test authority'];
  openssl('req', '-x509', ...newKey, ...authority);
  openssl(
    ...['req', '-x509', ...newKey, '-keyout', 'peer.key', '-out', 'peer.pem', '-subj', '/CN=Test peer'],
    ...['-CA', 'authority.pem', '-CAkey', 'authority.key'],
    ...['-addext', `subjectAltName=${names.join(',')}`, '-addext', 'basicConstraints=critical,CA:FALSE'],
  );
  const file = (name: string) => join(folder, name);
  return { authority: file('authority.pem'), certificate: file('peer.pem'), key: file('peer.key') };
}
