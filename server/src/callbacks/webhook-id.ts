import { copyId, OWN_RECEIVER } from '../rules/callback.ts';
import type { ClaimedCallback } from '../store/tables/callbacks.ts';

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const WEBHOOK_ID = new RegExp(`^cb_(${UUID})(?:_([a-z_]+))?(?:_(${UUID}))?$`);

/**
 * The id by which a receiver knows a callback again: the same at every try, whether the row is the one that was due or a copy of it. A
 * full stop separates the signed parts, so none may be in it (Standard Webhooks 1.0, "Signature scheme").
 */
export function webhookId({ id, receiver }: Pick<ClaimedCallback, 'id' | 'receiver'>): string {
  const own = receiver === null || receiver === OWN_RECEIVER || id.endsWith(copyId('', receiver));
  return `cb_${(own ? id : copyId(id, receiver)).replaceAll('.', '_')}`;
}

/** What a webhook id was made of: the id of the row that was due, and the endpoint that it went to. Null: it is none of ours. */
export function readWebhookId(text: string): { readonly id: string; readonly endpoint: string | null } | null {
  const [, subject, state, endpoint = null] = WEBHOOK_ID.exec(text) ?? [];
  if (subject === undefined) return null;
  return { id: state === undefined ? subject : `${subject}.${state}`, endpoint };
}
