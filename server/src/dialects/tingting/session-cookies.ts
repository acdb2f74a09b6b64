import { fastifyCookie } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SignIn } from '../../accounts/sessions.ts';

const ACCESS = 'access_token';
const REFRESH = 'refresh_token';

/** Longer values are no token of ours, and are not worth a look-up. */
const MAX_TOKEN = 512;

/** The access token in the request's cookies; null if there is none. */
export function accessCookie(request: FastifyRequest): string | null {
  return cookie(request, ACCESS);
}

/** The refresh token in the request's cookies; null if there is none. */
export function refreshCookie(request: FastifyRequest): string | null {
  return cookie(request, REFRESH);
}

/**
 * Hands both tokens to the browser: out of reach of scripts (`HttpOnly`), not sent along from other sites' forms
 * (`SameSite=Lax`), and over TLS alone where the public URL is https.
 */
export function setSessionCookies(reply: FastifyReply, signIn: SignIn, now: number, secure: boolean): void {
  reply.header('set-cookie', [
    fastifyCookie.serialize(ACCESS, signIn.access, attributes(signIn.accessExpiresAt - now, secure)),
    fastifyCookie.serialize(REFRESH, signIn.refresh, attributes(signIn.refreshExpiresAt - now, secure)),
  ]);
}

function attributes(lifeMs: number, secure: boolean) {
  return { path: '/', httpOnly: true, sameSite: 'lax', secure, maxAge: Math.floor(lifeMs / 1000) } as const;
}

function cookie(request: FastifyRequest, name: string): string | null {
  const header = request.headers.cookie;
  if (header === undefined) return null;
  const value = fastifyCookie.parse(header)[name];
  return value && value.length <= MAX_TOKEN ? value : null;
}
