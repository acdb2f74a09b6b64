import type { Caller } from '../../accounts/caller.ts';
import { VOICES, type VoiceEntry } from '../../voice/voices.ts';
import type { Handler } from './endpoint.ts';

/** Every voice that a call can speak with. */
export function listVoices(): Handler<Caller> {
  const data = voicesJson(VOICES);
  return async () => ({ status: 200, body: { data, next_cursor: null } });
}

/** Voices, as the API and the command line show them. */
export function voicesJson(voices: readonly VoiceEntry[]) {
  return voices.map(({ name, locale, gender, number, displayName }) => {
    return { name, language: locale, gender, number, display_name: displayName };
  });
}
