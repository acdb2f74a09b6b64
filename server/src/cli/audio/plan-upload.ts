import { readdirSync, type Stats, statSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { MOST_AUDIO_BYTES } from '../../voice/audio-desk.ts';
import { parseAudioPath } from '../../voice/audio-path.ts';
import { type Readings, readings } from '../readings.ts';

/** A file of this machine, and where it goes in the audio store. */
export interface Upload {
  readonly file: string;
  readonly path: string;
}

/**
 * What is to be uploaded: files by their names, folders by what is in them, below `at`. If that ends in .wav, it is the name that one
 * file gets. Throws a `CommandError` with every fault at once.
 */
export function planUpload(given: readonly string[], at: string): readonly Upload[] {
  const { fault, done } = readings();
  const found = given.map((name) => ({ name, stats: look(name, fault) }));
  const renames = at.toLowerCase().endsWith('.wav');
  if (renames && (given.length > 1 || found.some(({ stats }) => stats?.isDirectory()))) {
    fault('--path', 'ends in .wav, which names one file: write a folder');
  }
  done();

  const uploads = found.flatMap(({ name, stats }): Upload[] => {
    if (!stats?.isDirectory()) return [{ file: name, path: renames ? at : below(at, basename(name)) }];
    const files = soundsIn(name);
    if (files.length === 0) fault(name, 'there is no .wav file in this folder');
    return files.map((file) => ({ file, path: below(at, relative(name, file)) }));
  });
  const planned = uploads.map(({ file, path }) => ({ file, path: checked(file, path, fault) }));
  const taken = new Map<string, string>();
  for (const { file, path } of planned) {
    const first = taken.get(path);
    if (first === undefined) taken.set(path, file);
    else fault(file, `would stand at ${path}, where ${first} goes`);
  }
  done();
  return planned;
}

function look(name: string, fault: Readings['fault']): Stats | undefined {
  try {
    const stats = statSync(name);
    if (!stats.isDirectory() && !stats.isFile()) fault(name, 'is neither a file nor a folder');
    return stats;
  } catch (error) {
    fault(name, `cannot be read (${(error as NodeJS.ErrnoException).code})`);
    return undefined;
  }
}

/** Links are not followed: a folder is what is in it. */
function soundsIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.toLowerCase().endsWith('.wav'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function below(at: string, name: string): string {
  // Some systems write an é in two characters: whoever asks for the file writes one.
  return `${at.replace(/\/+$/, '')}/${name.split(sep).join('/').normalize('NFC')}`;
}

function checked(file: string, path: string, fault: Readings['fault']): string {
  const size = look(file, fault)?.size ?? 0;
  if (size > MOST_AUDIO_BYTES) {
    fault(file, `is larger than ${MOST_AUDIO_BYTES} bytes: shorten it, or save it at a lower sample rate`);
  }
  const parsed = parseAudioPath(path);
  if ('path' in parsed) return parsed.path;
  fault(file, `cannot be stored as '${path}': that ${parsed.fault}`);
  return path;
}
