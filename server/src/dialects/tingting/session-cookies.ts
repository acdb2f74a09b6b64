import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SignIn } from '../../accounts/sessions.ts';

const ACCESS = 'access_token';
const REFRESH = 'refresh_token';

/** Tokens are base64url and `_`: nothing to escape. Anything else, or longer, is no token of ours and not worth a look-up. */
const COOKIE = /(?:^|;) *(access_token|refresh_token)=([A-Za-z0-9_-]{1,512}) *(?=;|$)/g;

/** The access token in the request's cookies; null if there is none. */
export function accessCookie(request: FastifyRequest): string | null {
  return cookie(request, ACCESS);
}

/** The refresh token in the request's cookies; null if there is none. */
export function refreshCookie(request: FastifyRequest): string | null {
  return cookie(request, REFRESH);
}

/**
 * Hands both tokens to the browser (RFC 6265 §4.1): out of reach of scripts (`HttpOnly`), not sent along from other sites'
 * forms (`SameSite=Lax`), and over TLS alone where the public URL is https.
 */
export function setSessionCookies(reply: FastifyReply, signIn: SignIn, now: number, secure: boolean): void {
  const written = (name: string, token: string, expiresAt: number) =>
    `${name}=${token}; Max-Age=${Math.floor((expiresAt - now) / 1000)}; Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
  reply.header('set-cookie', [
    written(ACCESS, signIn.access, signIn.accessExpiresAt),
    written(REFRESH, signIn.refresh, signIn.refreshExpiresAt),
  ]);
}

function cookie(request: FastifyRequest, name: string): string | null {
  for (const [, found, value] of request.headers.cookie?.matchAll(COOKIE) ?? []) {
    if (found === name && value !== undefined) return value;
  }
  return null;
}
