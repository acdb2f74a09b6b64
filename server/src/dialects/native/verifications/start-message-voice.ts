import { type Locale, languageOf } from '../../../otp/messages/locales.ts';
import type { Voice } from '../../../voice/speech/speech-engine.ts';
import { findVoice, VOICES, voiceNamed } from '../../../voice/voices.ts';
import type { StartBody } from './start-body.ts';

interface Speaker {
  readonly voice: Voice;
  /** Sentences on what was asked for and is not had, or does not go together. */
  readonly warnings: readonly string[];
}

/** Who speaks words of a locale: the voice that was asked for, and one of their own language where there is no such voice. */
export function speakerOf(wish: StartBody['voice'] = {}, locale: Locale): Speaker {
  const { name, language, gender = null } = wish;
  const named = name === undefined ? null : voiceNamed(name);
  if (named !== null) return speaking(named, locale, null);
  const found = findVoice({ language: language ?? locale, gender });
  if (language === undefined || languageOf(found.voice.locale) === languageOf(language)) {
    return speaking(found.voice, locale, found.warning);
  }
  const { voice } = findVoice({ language: locale, gender });
  return { voice, warnings: [`There is no voice for ${language}; ${shownName(voice)} speaks instead.`] };
}

function speaking(voice: Voice, locale: Locale, warning: string | null): Speaker {
  const warnings = warning === null ? [] : [warning];
  if (languageOf(voice.locale) === languageOf(locale)) return { voice, warnings };
  return {
    voice,
    warnings: [...warnings, `${shownName(voice)}, a voice for ${voice.locale}, speaks words in ${locale}.`],
  };
}

function shownName({ name }: Voice): string {
  return VOICES.find((entry) => entry.name === name)?.displayName ?? name;
}
