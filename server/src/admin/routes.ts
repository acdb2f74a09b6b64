import type { FastifyPluginAsync } from 'fastify';
import { argonPasswords, type Passwords } from '../accounts/password.ts';
import type { AppDeps } from '../app-deps.ts';
import { bearerToken } from '../dialects/native/bearer.ts';
import { endpoints, type Handler } from '../dialects/native/endpoint.ts';
import { once } from '../dialects/native/once.ts';
import type { ApiKey } from '../store/tables/keys.ts';
import { createAccount, listAccounts, patchAccount, showAccount } from './accounts.ts';
import { checkNow, listCarriers, putCarrier, removeCarrier, showCarrier } from './carriers.ts';
import { grantCredits, listCredits } from './credits.ts';

type Deps = Pick<
  AppDeps,
  'store' | 'vault' | 'directory' | 'changeAccount' | 'uplinks' | 'clock' | 'random' | 'ids' | 'log'
> & {
  /** Default: Argon2id at OWASP's cost. */
  readonly passwords?: Passwords;
};

/** The operator keeps idempotency keys beside those of all accounts: the nil UUID (RFC 9562 §5.9) is nobody's. */
const OPERATOR = { accountId: '00000000-0000-0000-0000-000000000000', realm: 'admin' };

/** The operator's API, `/admin/v1`, for holders of an admin token. */
export function adminApi(given: Deps): FastifyPluginAsync {
  const { directory, random, log, passwords = argonPasswords(random) } = given;
  const deps = { ...given, passwords };
  const onceOnly = (handler: Handler<ApiKey>) => once(deps, () => OPERATOR, handler);

  return endpoints({
    prefix: '/admin/v1',
    identify: (request) => directory.byAdminToken(bearerToken(request)),
    log,
    paths: {
      'GET /admin/v1/accounts': listAccounts(deps),
      'POST /admin/v1/accounts': onceOnly(createAccount(deps)),
      'GET /admin/v1/accounts/:id': showAccount(deps),
      'PATCH /admin/v1/accounts/:id': patchAccount(deps),
      'GET /admin/v1/accounts/:id/credits': listCredits(deps),
      'POST /admin/v1/accounts/:id/credits': onceOnly(grantCredits(deps)),
      'GET /admin/v1/carriers': listCarriers(deps),
      'GET /admin/v1/carriers/:name': showCarrier(deps),
      'PUT /admin/v1/carriers/:name': putCarrier(deps),
      'DELETE /admin/v1/carriers/:name': removeCarrier(deps),
      'POST /admin/v1/carriers/:name/check': checkNow(deps),
    },
  });
}
