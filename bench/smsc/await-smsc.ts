import type { Smsc } from './start-smsc.ts';

const LOOK = 50;
const BIND_WITHIN = 20_000;
/** A peer that sent nothing for so long has nothing to send, ms: above any service's timer for its next look. */
const SILENCE = 700;

/** Resolves when a client that can submit is bound. */
export async function bound(smsc: Smsc): Promise<void> {
  const deadline = performance.now() + BIND_WITHIN;
  while ((await smsc.counts()).binds === 0) {
    if (performance.now() > deadline) throw new Error(`No bind at the SMSC within ${BIND_WITHIN} ms.`);
    await pause(LOOK);
  }
}

/**
 * Resolves when the SMSC, and who counts `reports`, have seen nothing new for a while (`quiet`), or after `withinMs` with more still
 * coming.
 */
export async function quiet(
  smsc: Smsc,
  withinMs: number,
  reports: () => number = () => 0,
): Promise<{ readonly quiet: boolean; readonly submits: number }> {
  const deadline = performance.now() + withinMs;
  let seen = { ...(await smsc.counts()), reports: reports() };
  let changed = performance.now();
  for (;;) {
    const now = performance.now();
    if (now - changed >= SILENCE) return { quiet: true, submits: seen.submits };
    if (now > deadline) return { quiet: false, submits: seen.submits };
    await pause(LOOK);
    const next = { ...(await smsc.counts()), reports: reports() };
    const still = (['submits', 'receiptAnswers', 'reports'] as const).every((count) => next[count] === seen[count]);
    if (!still) changed = performance.now();
    seen = next;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
