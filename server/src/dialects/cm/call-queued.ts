import type { Instruction } from './instruction.ts';

/** What one callee is answered with; keys in the vendor's order. */
export interface CallQueued {
  readonly type: 'call-queued';
  readonly 'call-id': string;
  readonly 'instruction-id'?: string;
  readonly caller: string;
  readonly callee: string;
  readonly success: boolean;
  /** Only where `success` is false. */
  readonly error?: string;
}

export interface Fate {
  readonly callId: string;
  /** E.164, or as it was sent where it is no number. */
  readonly callee: string;
  /** Why no call is made; null: it is on its way. */
  readonly error: string | null;
}

export function callQueued(
  { instructionId, caller }: Pick<Instruction, 'instructionId' | 'caller'>,
  { callId, callee, error }: Fate,
): CallQueued {
  return {
    type: 'call-queued',
    'call-id': callId,
    ...(instructionId !== null && { 'instruction-id': instructionId }),
    caller,
    callee,
    success: error === null,
    ...(error !== null && { error }),
  };
}
