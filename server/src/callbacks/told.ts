import { calleeOf } from '../delivery/callee.ts';
import type { Mode } from '../rules/accept.ts';
import { type CallbackEvent, kindOf } from '../rules/callback.ts';
import {
  type CallbackFacts,
  ERASED_PLACE,
  type MessageFacts,
  type VerificationFacts,
} from '../store/tables/callback-facts.ts';
import type { CallRow } from '../store/tables/calls.ts';
import type { Vault } from '../vault/vault.ts';
import type { CallbackRow } from './callback.ts';

/** How what a callback tells is worded. `to` is E.164, null once it was erased. Never the code. */
export interface Wording {
  call(call: CallRow, to: string | null): string;
  /** For the account's own receiver, or the place that the call named: in the words of the call's own dialect. */
  ownCall(call: CallRow, to: string | null): string;
  message(event: CallbackEvent, facts: MessageFacts, to: string | null): string;
  verification(event: CallbackEvent, facts: VerificationFacts, to: string | null): string;
  ping(endpoint: string, at: number): string;
}

/** Where a request wanted its callbacks. */
export interface NamedPlace {
  /** Null once it was erased, or when its key is gone: nobody is told then, for nobody else was meant. */
  readonly url: string | null;
}

/** What a callback tells of. */
export interface Told {
  /** Null: of no mode. */
  readonly mode: Mode | null;
  /** The place that it named for its callbacks, in the account's own URL's stead; null: it named none. */
  readonly named: NamedPlace | null;
  body(): string;
  /** What the account's own receiver gets. */
  ownBody(): string;
}

interface Deps {
  readonly facts: CallbackFacts;
  readonly vault: Pick<Vault, 'open'>;
  readonly wording: Wording;
}

/** Finds out what callbacks tell of: a query for each kind of thing, however many rows. Null: it is gone. */
export function teller({ facts, vault, wording }: Deps): (rows: readonly CallbackRow[]) => Promise<(Told | null)[]> {
  function place(accountId: string, row: string, sealed: string | null): NamedPlace | null {
    if (sealed === null) return null;
    const url = sealed === ERASED_PLACE ? null : vault.open({ account: accountId, row, column: 'callback' }, sealed);
    return { url };
  }

  function ofCall(call: CallRow): Told {
    const { accountId, id, mode, callbackSealed } = call;
    const to = calleeOf(call, vault);
    const named = place(accountId, id, callbackSealed);
    return { mode, named, body: () => wording.call(call, to), ownBody: () => wording.ownCall(call, to) };
  }

  function ofMessage(event: CallbackEvent, message: MessageFacts): Told {
    const body = () => wording.message(event, message, calleeOf(message, vault));
    return { mode: message.mode, named: null, body, ownBody: body };
  }

  function ofVerification(event: CallbackEvent, verification: VerificationFacts): Told {
    const { accountId, id, mode, callbackSealed } = verification;
    const body = () => wording.verification(event, verification, calleeOf({ ...verification, otpId: id }, vault));
    return { mode, named: place(accountId, id, callbackSealed), body, ownBody: body };
  }

  return async (rows) => {
    const kinds = Object.groupBy(rows, ({ event }) => kindOf(event));
    const [calls, messages, verifications] = await Promise.all([
      facts.calls(kinds.call ?? []),
      facts.messages(kinds.message ?? []),
      facts.verifications(kinds.verification ?? []),
    ]);
    const callOf = finder(calls, ({ id }) => id);
    const messageOf = finder(messages, ({ deliveryId }) => deliveryId);
    const verificationOf = finder(verifications, ({ id }) => id);
    return rows.map((row) => {
      const { event, subjectId, createdAt } = row;
      const kind = kindOf(event);
      switch (kind) {
        case 'call':
          return callOf(row, ofCall);
        case 'message':
          return messageOf(row, (message) => ofMessage(event, message));
        case 'verification':
          return verificationOf(row, (verification) => ofVerification(event, verification));
        case 'ping': {
          const body = () => wording.ping(subjectId, createdAt);
          return { mode: null, named: null, body, ownBody: body };
        }
        default:
          return kind satisfies never;
      }
    });
  };
}

/** Looks up what was found by account and id. */
function finder<Found extends { readonly accountId: string }>(found: readonly Found[], idOf: (one: Found) => string) {
  const known = new Map(found.map((one) => [`${one.accountId} ${idOf(one)}`, one]));
  return ({ accountId, subjectId }: CallbackRow, tell: (one: Found) => Told): Told | null => {
    const one = known.get(`${accountId} ${subjectId}`);
    return one === undefined ? null : tell(one);
  };
}
