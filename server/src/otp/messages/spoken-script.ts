import type { Line, Script } from '../../voice/script.ts';
import { spelledBetween } from '../../voice/spoken-lines.ts';
import { BUILT_IN_TEXTS } from './built-in-texts.ts';
import type { Locale } from './locales.ts';
import { aroundCode, filled, type Values } from './placeholders.ts';

/** For the callee to bring the phone to the ear. */
const BEFORE_MS = 600;

/** What a call says. @param own the caller's own words, with `{code}`; null: the built-in ones */
export function spokenScript(own: string | null, locale: Locale, values: Values, replays: number): Script<Line> {
  const { spoken } = BUILT_IN_TEXTS[locale];
  const around: Omit<Script<Line>, 'code'> = {
    intro: [{ kind: 'pause', ms: BEFORE_MS }],
    replayPrompt: replays > 0 ? [{ kind: 'text', text: spoken.again }] : [],
    outro: [{ kind: 'text', text: spoken.goodbye }],
    maxReplays: replays,
    autoReplay: false,
  };
  if (own !== null) return { ...around, code: spelledBetween(aroundCode(own, values)) };
  const lead = values.amount !== null ? spoken.payment : values.brand !== null ? spoken.branded : spoken.plain;
  return {
    ...around,
    code: [
      { kind: 'text', text: filled(lead, values) },
      { kind: 'code', from: 'speech' },
    ],
  };
}
