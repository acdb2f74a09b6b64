import type { CallRow } from '../store/tables/calls.ts';

/** When the example was asked for: 2026-01-31T10:20:30.123Z. */
export const CALLED_AT = Date.UTC(2026, 0, 31, 10, 20, 30, 123);

/** A call that was answered after five seconds and heard to its end, for tests. */
export function callRow(over: Partial<CallRow> = {}): CallRow {
  return {
    ...{ accountId: 'account-1', id: '01960000-0000-7000-8000-00000000000b', otpId: 'otp-1', dialect: 'tingting' },
    ...{ mode: 'live', numberSealed: null, createdAt: CALLED_AT, state: 'delivered', reason: null, trunk: 'main' },
    ...{ credits: 1, caller: '+9771234567', anonymous: false, instructionId: null, spokenMs: 9_250 },
    ...{ callbackSealed: null, warnings: [], ringingAt: CALLED_AT + 1_000, answeredAt: CALLED_AT + 5_000 },
    ...{ endedAt: CALLED_AT + 21_500, finalAt: CALLED_AT + 21_600, outcome: 'completed', sipStatus: null },
    ...{ sipReason: '', cause: 16, replays: 1 },
    ...over,
  };
}
