/** RFC 3261 §17.1.1.1: a round trip, as far as is known. All of them in milliseconds. */
export const T1 = 500;
/** The longest time between two of the same, INVITE apart. */
export const T2 = 4_000;
/** The longest time that a message stays in the network. */
export const T4 = 5_000;
/** How long a transaction waits for anything: its timers B, D, F, H, J, L and M. */
export const PATIENCE = 64 * T1;
