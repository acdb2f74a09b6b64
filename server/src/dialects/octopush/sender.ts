import type { AccountSettings } from '../../rules/account-settings.ts';

/** A sender as the vendor has them: A–Z, a–z and 0–9. */
const SHORTEST = 3;
const LONGEST = 11;

/**
 * The sender of a message: the one that was asked for, if the account may send under it, else null for the account's own. A name that the
 * account has just as it was asked for needs no mending (`My-Shop`, or a number with `+`).
 */
export function chooseSender(
  asked: string,
  { sender, senders }: Pick<AccountSettings, 'sender' | 'senders'>,
): { readonly sender: string | null; readonly warnings: readonly string[] } {
  if (asked === '') return { sender: null, warnings: [] };
  const allowed = sender === null ? senders : [sender, ...senders];
  if (allowed.includes(asked)) return { sender: asked, warnings: [] };

  const letters = asked.replace(/[^A-Za-z0-9]/g, '');
  const mended = letters.slice(0, LONGEST);
  const warnings: string[] = [];
  if (letters !== asked) warnings.push('sender held other characters than letters and digits: they were removed.');
  if (mended !== letters) warnings.push(`sender was longer than ${LONGEST} characters: it was cut.`);
  if (mended.length < SHORTEST) {
    return { sender: null, warnings: [...warnings, `sender has less than ${SHORTEST} characters: it was ignored.`] };
  }
  const found = allowed.find((each) => each.toLowerCase() === mended.toLowerCase());
  if (found === mended) return { sender: found, warnings };
  if (found !== undefined) return { sender: found, warnings: [...warnings, `sender was read as ${found}.`] };
  return { sender: null, warnings: [...warnings, 'sender is none of the senders of this account: it was ignored.'] };
}
