/** The life of a verification: `pending`, then one of the final states, for good. */
export type VerificationState = 'pending' | FinalVerificationState;

/**
 * `approved`: the right code was given, once. `max_attempts_reached`: as many wrong ones as were allowed. `undeliverable`: no delivery
 * reached the callee, and the workflow has no further step.
 */
export type FinalVerificationState = 'approved' | 'canceled' | 'expired' | 'max_attempts_reached' | 'undeliverable';
