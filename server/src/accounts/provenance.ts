import type { IncomingHttpHeaders } from 'node:http';

/**
 * Who made a request that changes something and carries a session cookie.
 * `own`: a page of the public URL, or a program that set a header which no foreign page can set.
 * `foreign`: a page of another origin. `unproven`: nothing tells.
 */
export type Provenance = 'own' | 'foreign' | 'unproven';

/**
 * Tells a request of our own pages from one that a foreign page made a signed-in browser send, with no token to exchange.
 *
 * `Sec-Fetch-Site` (W3C Fetch Metadata) and `Origin` (RFC 6454 §7) are forbidden header names: a page can neither set nor
 * change them. `X-Requested-With` a page can set, but from another origin only after a CORS preflight, which this API never
 * grants. So evidence of a foreign page always wins, and without any evidence a request is not one of our own.
 *
 * @param publicUrl what stands after its origin does not matter
 */
export function provenance(headers: IncomingHttpHeaders, publicUrl: string): Provenance {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' ? 'own' : 'foreign';
  if (headers.origin !== undefined) return headers.origin === new URL(publicUrl).origin ? 'own' : 'foreign';
  return headers['x-requested-with'] ? 'own' : 'unproven';
}
