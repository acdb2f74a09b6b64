import { Type } from '@sinclair/typebox';
import type { Caller } from '../../accounts/caller.ts';
import { VOICES, type VoiceEntry } from '../../voice/voices.ts';
import { answerObject } from './field-schemas.ts';
import { type Operation, operation } from './operation.ts';
import { pageSchema } from './page.ts';

const voiceSchema = answerObject('Voice', {
  name: Type.String({ description: 'What it is asked for by.', examples: ['np_rija', 'en-GB/female/1'] }),
  language: Type.String({ description: 'BCP 47.', examples: ['ne-NP'] }),
  gender: Type.Union([Type.Literal('female'), Type.Literal('male')]),
  number: Type.Integer({ minimum: 1, description: 'Among those of its language and gender.' }),
  display_name: Type.String({ description: 'For people.', examples: ['Rija'] }),
});

/** Every voice that a call can speak with. */
export function listVoices(): Operation<Caller> {
  const data = voicesJson(VOICES);
  return operation({
    id: 'listVoices',
    summary: 'List voices',
    tag: 'Calls',
    answers: { 200: { description: 'All of them, on one page.', body: pageSchema(voiceSchema) } },
    handle: async () => ({ status: 200, body: { data, next_cursor: null } }),
  });
}

/** Voices, as the API and the command line show them. */
export function voicesJson(voices: readonly VoiceEntry[]) {
  return voices.map(({ name, locale, gender, number, displayName }) => {
    return { name, language: locale, gender, number, display_name: displayName };
  });
}
