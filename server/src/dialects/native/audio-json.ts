import type { AudioEntry } from '../../store/tables/audio.ts';
import { SAMPLE_RATE } from '../../voice/audio/clip.ts';

/** A file of the audio store, as the API and the command line show it. */
export function audioJson({ path, samples, source, updatedAt }: AudioEntry) {
  return { path, seconds: samples / SAMPLE_RATE, source, updated_at: new Date(updatedAt).toISOString() };
}
