import type { Caller } from '../../../accounts/caller.ts';
import type { Asker } from '../../../otp/verification.ts';
import type { Replay } from '../../../rules/accept.ts';
import type { Vault } from '../../../vault/vault.ts';
import type { Call } from '../endpoint.ts';
import { callerScope, idempotencyKey } from '../idempotency-key.ts';

/** Who asks, and under which idempotency key; null: under none. */
export interface Asked extends Asker {
  readonly replay: Replay | null;
}

/** Whose request it is. @throws {PassbellError} `invalid_request`: the idempotency key is none. */
export function askOf(call: Call<Caller>, vault: Pick<Vault, 'requestDigest'>): Asked {
  const { account, mode } = call.who;
  return { account, mode, dialect: 'native', replay: idempotencyKey(call, callerScope(call.who), vault) };
}
