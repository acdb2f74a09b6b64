import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import type { Guard } from './guard.ts';

/** Finding, connecting and TLS together. */
const CONNECT_MS = 10_000;
/** The next address is tried when one has not answered for so long (RFC 8305 §5 recommends 250 ms; far receivers need more). */
const NEXT_ADDRESS_MS = 1_000;

/**
 * Opens connections to what the guard lets through, and to nothing else: the socket gets the very addresses that were judged.
 * Certificates are verified for the host of the URL, whatever `NODE_TLS_REJECT_UNAUTHORIZED` says.
 *
 * @param ca PEM of authorities to trust in place of the system's
 */
export function guardedConnect(guard: Guard, ca: string | null): buildConnector.connector {
  const lookup: LookupFunction = (host, { all }, callback) => {
    guard(host).then(
      (addresses) => {
        const judged = addresses.map((address) => ({ address, family: isIP(address) }));
        const [first] = judged;
        if (all) callback(null, judged);
        else callback(null, first?.address ?? '', first?.family);
      },
      (error) => callback(error, []),
    );
  };
  const dial = buildConnector({
    lookup,
    // HTTP/1.1 alone: with HTTP/2 a single connection would carry the callbacks of all accounts.
    allowH2: false,
    timeout: CONNECT_MS,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_MS,
    rejectUnauthorized: true,
    ...(ca === null ? {} : { ca }),
  } as buildConnector.BuildOptions);
  return (options, callback) => {
    // An address is never looked up, so it is judged before.
    if (isIP(options.hostname) === 0) {
      dial(options, callback);
      return;
    }
    guard(options.hostname).then(
      () => dial(options, callback),
      (error) => callback(error, null),
    );
  };
}
