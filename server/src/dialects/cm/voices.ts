import type { FastifyRequest } from 'fastify';
import { PassbellError } from '../../errors.ts';
import { VOICE_LANGUAGES, VOICES } from '../../voice/voices.ts';

const GENDER = { female: 'Female', male: 'Male' } as const;

/** `GET …/tts/languages`: from code to name. */
export async function listsLanguages() {
  return Object.fromEntries(VOICE_LANGUAGES);
}

/** `GET …/tts/languages/{code}`: the voices of one language; the code's case says nothing. */
export async function listsVoices(request: FastifyRequest) {
  const { code } = request.params as { code: string };
  const found = VOICES.filter(({ locale }) => locale.toLowerCase() === code.toLowerCase());
  if (found.length === 0) throw new PassbellError('not_found', { what: 'language' });
  return found.map(({ gender, number, displayName }) => ({
    gender: GENDER[gender],
    voiceNumber: number,
    displayName,
  }));
}
