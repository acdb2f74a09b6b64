import type { Handset } from './handset.ts';
import { type HandsetCarrierDeps, handsetCarrier } from './handset-carrier.ts';
import { type InboxDeps, openInbox } from './inbox.ts';

export type HandsetDeps = InboxDeps & Omit<HandsetCarrierDeps, 'inbox'>;

const GRACE_MS = 2_000;

/** Opens the sandbox phone over the store's inbox. */
export function openHandset(deps: HandsetDeps): Handset {
  const inbox = openInbox(deps);
  const carrier = handsetCarrier({ ...deps, inbox });
  const closing = new AbortController();
  return {
    carrier,
    messages: inbox.messages,
    next: (accountId, to, after, waitMs, signal) =>
      inbox.next(accountId, to, after, waitMs, AbortSignal.any([signal, closing.signal])),
    async close() {
      closing.abort();
      await carrier.close(GRACE_MS);
    },
  };
}
