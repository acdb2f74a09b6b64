import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { argonPasswords, type Passwords } from '../accounts/password.ts';
import type { AppDeps } from '../app-deps.ts';
import { bearerToken } from '../dialects/native/bearer.ts';
import { endpoints, type Paths } from '../dialects/native/endpoint.ts';
import { onceEach } from '../dialects/native/once.ts';
import { serveDocument } from '../dialects/native/openapi/serve-document.ts';
import type { ApiKey } from '../store/tables/keys.ts';
import { createAccount, listAccounts, patchAccount, showAccount } from './accounts.ts';
import { auditedPaths } from './acts.ts';
import { adminDocument } from './admin-document.ts';
import { listAudit } from './audit.ts';
import { carrierOperations } from './carriers.ts';
import { grantCredits, listCredits } from './credits.ts';
import { eraseNumberOf } from './erasures.ts';
import { trunkOperations } from './trunks.ts';

type Deps = Pick<
  AppDeps,
  | 'store'
  | 'vault'
  | 'directory'
  | 'changeAccount'
  | 'carriers'
  | 'trunks'
  | 'checkTrunk'
  | 'callbackAllow'
  | 'audit'
  | 'eraseNumber'
  | 'clock'
  | 'random'
  | 'ids'
  | 'log'
  | 'publicUrl'
> & {
  /** Default: Argon2id at OWASP's cost. */
  readonly passwords?: Passwords;
};

/** The operator keeps idempotency keys beside those of all accounts: the nil UUID (RFC 9562 §5.9) is nobody's. */
const OPERATOR = { accountId: '00000000-0000-0000-0000-000000000000', realm: 'admin' };

/** The operator's API, `/admin/v1`. */
export function adminPaths(given: Deps): Paths<ApiKey> {
  const deps = { ...given, passwords: given.passwords ?? argonPasswords(given.random) };
  const carriers = carrierOperations(deps);
  const trunks = trunkOperations(deps);
  const onceOnly = onceEach<ApiKey>(deps, () => OPERATOR);
  return {
    'GET /admin/v1/accounts': listAccounts(deps),
    'POST /admin/v1/accounts': onceOnly(createAccount(deps)),
    'GET /admin/v1/accounts/:id': showAccount(deps),
    'PATCH /admin/v1/accounts/:id': patchAccount(deps),
    'GET /admin/v1/accounts/:id/credits': listCredits(deps),
    'POST /admin/v1/accounts/:id/credits': onceOnly(grantCredits(deps)),
    'POST /admin/v1/accounts/:id/erasures': onceOnly(eraseNumberOf(deps)),
    'GET /admin/v1/audit': listAudit(deps),
    'GET /admin/v1/carriers': carriers.list,
    'GET /admin/v1/carriers/:name': carriers.show,
    'PUT /admin/v1/carriers/:name': carriers.put,
    'DELETE /admin/v1/carriers/:name': carriers.remove,
    'POST /admin/v1/carriers/:name/check': carriers.check,
    'GET /admin/v1/trunks': trunks.list,
    'GET /admin/v1/trunks/:name': trunks.show,
    'PUT /admin/v1/trunks/:name': trunks.put,
    'DELETE /admin/v1/trunks/:name': trunks.remove,
    'POST /admin/v1/trunks/:name/check': trunks.check,
  };
}

/** Serves it, to holders of an admin token. */
export function adminApi(deps: Deps): FastifyPluginAsync {
  const { directory, log } = deps;
  const paths = auditedPaths(deps, adminPaths(deps));
  const identify = (request: FastifyRequest) => directory.byAdminToken(bearerToken(request));
  return async (app) => {
    await app.register(endpoints({ prefix: '/admin/v1', identify, log, paths }));
    const document = () => adminDocument(paths, deps.publicUrl);
    await app.register(serveDocument({ path: '/admin/v1/openapi.json', document }));
  };
}
