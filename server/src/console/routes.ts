import { fastifyCookie } from '@fastify/cookie';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { provenance } from '../accounts/provenance.ts';
import type { AppDeps } from '../app-deps.ts';
import { answersProblems } from '../dialects/native/problem.ts';
import { type Fault, PassbellError } from '../errors.ts';
import { VERSION } from '../version.ts';
import { consolePages } from './pages.ts';
import { consolePhone } from './phone.ts';
import { consoleToken, setConsoleCookie } from './session-cookie.ts';
import { serviceJson } from './status.ts';

type Deps = Pick<
  AppDeps,
  | 'store'
  | 'sessions'
  | 'handset'
  | 'handsetCalls'
  | 'delivery'
  | 'carriers'
  | 'trunks'
  | 'clock'
  | 'random'
  | 'log'
  | 'publicUrl'
  | 'isReady'
>;

/** The web console: its page, and the paths that page asks. Everything below `/console/api` but signing in wants a session. */
export function consoleApi(deps: Deps, built?: URL): FastifyPluginAsync {
  return async (app) => {
    const { sessions, handset, handsetCalls, clock } = deps;
    const started = clock.elapsed();
    app.setErrorHandler(answersProblems(deps.log));
    await app.register(fastifyCookie);
    await app.register(consolePages(deps.random, built));

    async function signedIn(request: FastifyRequest) {
      const token = consoleToken(request);
      if (token === null) throw new PassbellError('unauthorized', { reason: 'missing' });
      const caller = await sessions.caller(token);
      if (caller === null) throw new PassbellError('unauthorized', { reason: 'unknown' });
      return caller;
    }

    const setCookie = (reply: FastifyReply, token: string, maxAgeSeconds: number) =>
      setConsoleCookie(reply, token, maxAgeSeconds, deps.publicUrl.startsWith('https:'));

    function ownPagesOnly(request: FastifyRequest): void {
      if (provenance(request.headers, deps.publicUrl) !== 'own')
        throw new PassbellError('forbidden', { reason: 'csrf' });
    }

    app.post('/console/api/sign-in', async (request, reply) => {
      ownPagesOnly(request);
      const { email, password } = credentials(request.body);
      const signIn = await sessions.signIn(email, password, request.ip);
      if (signIn === null) throw new PassbellError('unauthorized', { reason: 'unknown' });
      setCookie(reply, signIn.access, (signIn.accessExpiresAt - clock.now()) / 1000);
      return reply.code(204).send();
    });

    app.post('/console/api/sign-out', async (request, reply) => {
      ownPagesOnly(request);
      const token = consoleToken(request);
      if (token !== null) await sessions.signOut(token);
      setCookie(reply, '', 0);
      return reply.code(204).send();
    });

    app.get('/console/api/status', async (request) => {
      const { account, role } = await signedIn(request);
      return {
        account: { name: account.name, mode: account.mode },
        role,
        service: role === 'operator' ? serviceJson(deps, VERSION, clock.elapsed() - started) : null,
      };
    });

    await app.register(consolePhone({ handset, handsetCalls, log: deps.log, signedIn, ownPagesOnly }));
  };
}

/** RFC 5321 §4.5.3.1.3. */
const MAX_EMAIL = 254;
/** Hashing time grows with the password; nobody's has this many characters. */
const MAX_PASSWORD = 1024;

function credentials(body: unknown): { readonly email: string; readonly password: string } {
  const { email, password } = (body ?? {}) as Record<string, unknown>;
  const faults: Fault[] = [];
  if (!isText(email, MAX_EMAIL)) faults.push({ field: 'email', message: 'must be an e-mail address' });
  if (!isText(password, MAX_PASSWORD)) faults.push({ field: 'password', message: 'must be a text' });
  if (!isText(email, MAX_EMAIL) || !isText(password, MAX_PASSWORD))
    throw new PassbellError('invalid_request', { faults });
  return { email, password };
}

function isText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value !== '' && value.length <= longest;
}
