import { Type } from '@sinclair/typebox';
import type { AudioEntry } from '../../store/tables/audio.ts';
import { SAMPLE_RATE } from '../../voice/audio/clip.ts';
import { answerObject, timeField } from './field-schemas.ts';

export const audioSchema = answerObject('AudioFile', {
  path: Type.String({ description: 'Where it is found.', examples: ['/spelling/np/1.wav'] }),
  seconds: Type.Number({ minimum: 0, description: 'How long it plays.', examples: [1.25] }),
  source: Type.String({ description: 'What was sent, for people.', examples: ['44100 Hz, 2 channels, pcm16'] }),
  updated_at: timeField('When it was put there.'),
});

/** A file of the audio store, as the API and the command line show it. */
export function audioJson({ path, samples, source, updatedAt }: AudioEntry) {
  return { path, seconds: samples / SAMPLE_RATE, source, updated_at: new Date(updatedAt).toISOString() };
}
