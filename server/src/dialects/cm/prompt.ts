import type { Fault } from '../../errors.ts';
import { parseAudioPath } from '../../voice/audio-path.ts';
import type { Line } from '../../voice/script.ts';
import { type FieldReader, oneOf, text } from './cast.ts';

const LONGEST = 750;

/** The SDK's integers are places in this list. */
const type = oneOf('File', 'TTS', 'TTS_SSML');

/** A prompt's line; null where none was given. A type without a prompt means nothing, and clients send it so. */
export function readPrompt(name: string, reader: FieldReader, faults: Fault[]): Line | null {
  const prompt = reader.optional(name, text(LONGEST, 'lines'), '');
  const kind = reader.optional(`${name}-type`, type, 'TTS');
  // Nothing but spaces is silence: a speech engine would be asked for nothing.
  if (prompt.trim() === '') return null;
  switch (kind) {
    case 'TTS':
      return { kind: 'text', text: prompt };
    case 'TTS_SSML':
      return { kind: 'ssml', ssml: prompt };
    case 'File': {
      const path = parseAudioPath(prompt);
      if ('path' in path) return { kind: 'file', path: path.path };
      faults.push({ field: name, message: path.fault });
      return null;
    }
    default:
      return kind satisfies never;
  }
}
