import { expect } from 'vitest';

/** Shorter ones stand in times and ids by chance. */
const TELLING = 7;

/** Fails if any of `secrets` stands in any of `places`, as it is or in the form that a JSON text gives it. */
export function expectNoSecrets(places: Readonly<Record<string, string>>, secrets: Iterable<string>): void {
  for (const secret of new Set(secrets)) {
    if (secret.length < TELLING) continue;
    const forms = [secret, JSON.stringify(secret).slice(1, -1)];
    for (const [place, text] of Object.entries(places)) {
      const shown = forms.some((form) => text.includes(form));
      expect(shown, `"${secret.slice(0, 60)}" stands in ${place}`).toBe(false);
    }
  }
}
