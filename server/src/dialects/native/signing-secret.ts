import { Type } from '@sinclair/typebox';
import type { Caller } from '../../accounts/caller.ts';
import type { AppDeps } from '../../app-deps.ts';
import type { SigningSecret } from '../../callbacks/signing-desk.ts';
import { endpointAsked } from './callback-endpoints.ts';
import { endpointId } from './callback-endpoints-wire.ts';
import { answerObject, orNull, timeField } from './field-schemas.ts';
import { type Operation, operation } from './operation.ts';
import { mustOwnSettings } from './settings.ts';
import { secretField } from './signing-secret-field.ts';

type Deps = Pick<AppDeps, 'signing' | 'callbackEndpoints'>;

const secretSchema = answerObject('SigningSecret', {
  secret: secretField,
  created_at: timeField('When it was drawn.'),
  expires_at: orNull(timeField('Until when it signs.'), {
    description: 'Until when it signs; null: till it is rotated.',
  }),
});

const secretsSchema = Type.Object(
  { data: Type.Array(secretSchema, { description: 'Newest first.' }) },
  { additionalProperties: false },
);

const tag = 'Callbacks';

/** What goes to the account's own URL is signed with (Standard Webhooks 1.0), newest first. */
export function showSigningSecrets({ signing }: Deps): Operation<Caller> {
  return operation({
    id: 'showSigningSecrets',
    summary: 'The secrets that callbacks to `callback_url` are signed with',
    description:
      'Places that a call or verification names know it by the same ones; endpoints have their own. Once an account is live, this needs a live key.',
    tag,
    // Once an account is live, whoever holds a test key must not forge its callbacks.
    allow: mustOwnSettings,
    answers: { 200: { description: 'Those that sign now.', body: secretsSchema } },
    async handle({ who }) {
      return { status: 200, body: secretsJson(await signing.secrets(who.account.id, null)) };
    },
  });
}

/** Draws a new one; the old one signs beside it for a day. */
export function rotateSigningSecret({ signing }: Deps): Operation<Caller> {
  return operation({
    id: 'rotateSigningSecret',
    summary: 'Draw a new signing secret for `callback_url`',
    description: 'The old one signs beside it for a day. Once an account is live, this needs a live key.',
    tag,
    allow: mustOwnSettings,
    answers: { 200: { description: 'Those that sign from now on.', body: secretsSchema } },
    problems: ['conflict'],
    async handle({ who }) {
      return { status: 200, body: secretsJson(await signing.rotate(who.account.id, null)) };
    },
  });
}

export function showEndpointSecrets({ signing, callbackEndpoints }: Deps): Operation<Caller> {
  return operation({
    id: 'showCallbackEndpointSecrets',
    summary: 'The secrets of a callback endpoint',
    tag,
    params: { id: endpointId },
    answers: { 200: { description: 'Those that sign now.', body: secretsSchema } },
    problems: ['not_found'],
    async handle({ who: { account, mode }, params }) {
      const { id } = await callbackEndpoints.get(account.id, mode, endpointAsked(params));
      return { status: 200, body: secretsJson(await signing.secrets(account.id, id)) };
    },
  });
}

export function rotateEndpointSecret({ signing, callbackEndpoints }: Deps): Operation<Caller> {
  return operation({
    id: 'rotateCallbackEndpointSecret',
    summary: 'Draw a new secret for a callback endpoint',
    description: 'The old one signs beside it for a day.',
    tag,
    params: { id: endpointId },
    answers: { 200: { description: 'Those that sign from now on.', body: secretsSchema } },
    problems: ['not_found', 'conflict'],
    async handle({ who: { account, mode }, params }) {
      const { id } = await callbackEndpoints.get(account.id, mode, endpointAsked(params));
      return { status: 200, body: secretsJson(await signing.rotate(account.id, id)) };
    },
  });
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
