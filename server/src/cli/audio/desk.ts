import type { Store } from '../../store/store.ts';
import { type AudioDesk, audioDesk } from '../../voice/audio-desk.ts';
import { parseAudioPath } from '../../voice/audio-path.ts';
import { CommandError } from '../command-error.ts';
import { nearest } from '../nearest.ts';
import { faulty } from '../readings.ts';
import type { Shell } from '../shell.ts';

/** The audio store for one command, which ends before anybody else's changes could matter. */
export function deskOf({ audio }: Store, { clock }: Shell): AudioDesk {
  return audioDesk({ store: audio, clock, onChange: () => {} });
}

/** The path of a file that is there. Rejects with a `CommandError` when there is none. */
export async function storedPath(desk: AudioDesk, accountId: string, given: string): Promise<string> {
  const parsed = parseAudioPath(given);
  if ('fault' in parsed) throw faulty([{ field: 'path', message: `'${given}' ${parsed.fault}` }]);
  const paths = (await desk.list(accountId, '')).map(({ path }) => path);
  if (paths.includes(parsed.path)) return parsed.path;
  const guess = nearest(parsed.path, paths);
  const cure = guess === null ? '`passbell audio list` shows what there is.' : `Did you mean ${guess}?`;
  throw new CommandError('not_found', `There is no file ${parsed.path}. ${cure}`);
}
