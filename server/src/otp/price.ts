/** What a call costs: one credit for each 30 seconds of speech begun. */
const FACTOR_SECONDS = 30;

/** Spoken time in units of 30 seconds, at least 1, to one decimal: what a call is priced by. */
export function lengthFactor(spokenSeconds: number): number {
  return Math.max(1, Math.round((spokenSeconds / FACTOR_SECONDS) * 10) / 10);
}

/** Credits of the voice pool for a call that speaks so long. */
export function callCredits(spokenSeconds: number): number {
  return Math.ceil(lengthFactor(spokenSeconds));
}
