import type { FastifyReply, FastifyRequest } from 'fastify';
import { provenance } from '../../accounts/provenance.ts';
import type { SignIn } from '../../accounts/sessions.ts';
import type { AppDeps } from '../../app-deps.ts';
import { type Fault, PassbellError } from '../../errors.ts';
import { fieldsOf } from '../json-body.ts';
import { refreshCookie, setSessionCookies } from './session-cookies.ts';

type Deps = Pick<AppDeps, 'sessions' | 'clock' | 'publicUrl'>;

/** RFC 5321 §4.5.3.1.3. */
const MAX_EMAIL = 254;
/** Hashing time grows with the password; nobody's has this many characters. */
const MAX_PASSWORD = 1024;
const MAX_TOKEN = 512;

/** `POST …/login/`: e-mail and password against two cookies. Wrong ones are told from each other to nobody. */
export function signsIn(deps: Deps) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    refuseForeign(request, deps.publicUrl);
    const { email, password } = parseLogin(request.body);
    const signIn = await deps.sessions.signIn(email, password, request.ip);
    if (signIn === null) {
      const message = 'E-mail or password is wrong.';
      return reply.code(401).send({ has_logged_in: false, detail: message, message });
    }
    handOver(reply, signIn, deps);
    return { has_logged_in: true, message: 'Login Successful' };
  };
}

/**
 * `POST …/login/refresh/`: new cookies for the refresh token of the cookie, or of the body. The old tokens end with it.
 * Unlike other requests by cookie it needs no proof of its origin: a page that forged it would gain nothing, for the new
 * tokens go to the browser alone. Evidence of a foreign page is still refused.
 */
export function refreshesSession(deps: Deps) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    refuseForeign(request, deps.publicUrl);
    const token = refreshCookie(request) ?? refreshField(request.body);
    if (token === null) return reply.code(400).send({ message: 'No refresh token provided' });
    const signIn = await renewed(deps.sessions, token);
    if (signIn === null) return reply.code(401).send({ message: 'Failed To Refresh The Session' });
    handOver(reply, signIn, deps);
    return { message: 'Session Refreshed Successfully' };
  };
}

function handOver(reply: FastifyReply, signIn: SignIn, { clock, publicUrl }: Deps): void {
  setSessionCookies(reply, signIn, clock.now(), publicUrl.startsWith('https:'));
}

function renewed(sessions: Deps['sessions'], token: string): Promise<SignIn | null> | null {
  return token.length <= MAX_TOKEN ? sessions.refresh(token) : null;
}

function refreshField(body: unknown): string | null {
  if (body === null || body === undefined) return null;
  const { refresh } = fieldsOf(body);
  return typeof refresh === 'string' && refresh !== '' ? refresh : null;
}

function parseLogin(body: unknown): { email: string; password: string } {
  const { email, password } = fieldsOf(body);
  const faults: Fault[] = [];
  if (!isText(email, MAX_EMAIL)) faults.push({ field: 'email', message: 'email is required, as a string.' });
  if (!isText(password, MAX_PASSWORD))
    faults.push({ field: 'password', message: 'password is required, as a string.' });
  if (faults.length > 0) throw new PassbellError('invalid_request', { faults });
  return { email: email as string, password: password as string };
}

function isText(input: unknown, maxLength: number): boolean {
  return typeof input === 'string' && input !== '' && input.length <= maxLength;
}

/** Signing a browser in from a foreign page would put its user into another's account. */
function refuseForeign(request: FastifyRequest, publicUrl: string): void {
  if (provenance(request.headers, publicUrl) === 'foreign') throw new PassbellError('forbidden', { reason: 'csrf' });
}
