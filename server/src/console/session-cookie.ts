import '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';

const NAME = 'passbell_console';

/** Longer values are no token of ours, and are not worth a look-up. */
const MAX_TOKEN = 512;

/** The token in the request's cookie; null if there is none. */
export function consoleToken(request: FastifyRequest): string | null {
  const value = request.cookies[NAME];
  return value && value.length <= MAX_TOKEN ? value : null;
}

/**
 * Hands the token to the browser, or takes it back (`maxAgeSeconds` 0): out of reach of scripts (`HttpOnly`), sent along by pages
 * of this service alone (`SameSite=Strict`), only to the console's own paths, and over TLS alone where the public URL is https.
 */
export function setConsoleCookie(reply: FastifyReply, token: string, maxAgeSeconds: number, secure: boolean): void {
  reply.setCookie(NAME, token, {
    path: '/console',
    httpOnly: true,
    sameSite: 'strict',
    secure,
    maxAge: Math.max(0, Math.floor(maxAgeSeconds)),
  });
}
