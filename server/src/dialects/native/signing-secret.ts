import type { Caller } from '../../accounts/caller.ts';
import type { AppDeps } from '../../app-deps.ts';
import type { SigningSecret } from '../../callbacks/signing-desk.ts';
import type { Handler } from './endpoint.ts';
import { mustOwnSettings } from './settings.ts';

type Deps = Pick<AppDeps, 'signing'>;

/** What the account's callbacks are signed with (Standard Webhooks 1.0), newest first. */
export function showSigningSecrets({ signing }: Deps): Handler<Caller> {
  return async ({ who }) => {
    // Once an account is live, whoever holds a test key must not forge its callbacks.
    mustOwnSettings(who);
    return { status: 200, body: secretsJson(await signing.secrets(who.account.id)) };
  };
}

/** Draws a new one; the old one signs beside it for a day. */
export function rotateSigningSecret({ signing }: Deps): Handler<Caller> {
  return async ({ who }) => {
    mustOwnSettings(who);
    return { status: 200, body: secretsJson(await signing.rotate(who.account.id)) };
  };
}

function secretsJson(secrets: readonly SigningSecret[]) {
  return {
    data: secrets.map(({ secret, createdAt, expiresAt }) => ({
      secret: secret.reveal(),
      created_at: new Date(createdAt).toISOString(),
      expires_at: expiresAt === null ? null : new Date(expiresAt).toISOString(),
    })),
  };
}
