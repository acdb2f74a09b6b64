import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isError } from '../../errors.ts';
import type { Log, LogFields } from '../../observe/log.ts';
import { type Clock, systemClock } from '../../values/clock.ts';
import { ManualClock } from '../../values/manual-clock.ts';
import { voiceNamed } from '../voices.ts';
import { missingEngine, packagePath } from './package-path.ts';
import { piperEngine } from './piper-engine.ts';
import { findPiperModel } from './piper-model.ts';
import type { SpeechEngine, Voice } from './speech-engine.ts';

const rija = voiceNamed('np_rija') as Voice;
const never = new AbortController().signal;

let folder: string;
let lines: [string, LogFields | undefined][] = [];
const note = (event: string, fields?: LogFields): void => void lines.push([event, fields]);
const log: Log = { info: note, warn: note, error: note };
let engine: SpeechEngine | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'piper-'));
  lines = [];
});
afterEach(async () => {
  await engine?.close();
  engine = undefined;
  await rm(folder, { recursive: true });
});

/** A folder that looks like a model, and is none. */
async function almostModel(): Promise<void> {
  await writeFile(join(folder, 'ne.onnx'), Buffer.from([0x08, 0x07, 0x12, 0xff, 0xff, 0xff]));
  await writeFile(join(folder, 'tokens.txt'), '_ 0\n');
  await mkdir(join(folder, 'espeak-ng-data'));
  for (const file of ['phontab', 'phonindex', 'phondata', 'intonations'])
    await writeFile(join(folder, 'espeak-ng-data', file), '');
}

test('a model is found by its folder or by its file', async () => {
  await almostModel();
  const found = {
    folder,
    model: join(folder, 'ne.onnx'),
    tokens: join(folder, 'tokens.txt'),
    dataDir: join(folder, 'espeak-ng-data'),
  };
  expect(findPiperModel(folder)).toEqual(found);
  expect(findPiperModel(join(folder, 'ne.onnx'))).toEqual(found);
});

test('what is wrong with a model is said before a native library meets it', async () => {
  expect(findPiperModel(join(folder, 'none'))).toContain('ENOENT');
  expect(findPiperModel(folder)).toContain('does not hold one .onnx file');
  await almostModel();
  await rm(join(folder, 'espeak-ng-data'), { recursive: true });
  expect(findPiperModel(folder)).toContain('espeak-ng-data is missing');
  await rm(join(folder, 'tokens.txt'));
  expect(findPiperModel(folder)).toContain('tokens.txt is missing');
  await writeFile(join(folder, 'ne.onnx'), 'version https://git-lfs.github.com/spec/v1');
  expect(findPiperModel(folder)).toContain('is not an ONNX model');
  await writeFile(join(folder, 'other.onnx'), '');
  expect(findPiperModel(folder)).toContain('does not hold one .onnx file');
});

test('a voice without a usable model is not spoken, and the log says why', () => {
  const models = { np_rija: join(folder, 'none'), np_nobody: folder };
  engine = piperEngine({ models, clock: new ManualClock(), log });
  expect(engine.speaks(rija)).toBe(false);
  expect(lines).toEqual([
    ['piper_model_unusable', { voice: 'np_rija', trouble: expect.stringContaining('ENOENT') }],
    ['piper_model_unusable', { voice: 'np_nobody', trouble: 'there is no such voice' }],
  ]);
});

test('a model that the library cannot read takes a child down, and nothing else', async () => {
  await almostModel();
  // The restarts are due at once; the time-outs never.
  const clock: Clock = {
    ...systemClock,
    after: (ms, call) => (ms > 1000 ? { cancel() {} } : systemClock.after(0, call)),
  };
  engine = piperEngine({ models: { np_rija: folder }, clock, log });
  expect(engine.speaks(rija)).toBe(true);
  await expect(engine.say({ kind: 'text', text: 'नमस्ते' }, rija, never)).rejects.toThrow('piper: ');
  expect(lines.map(([event]) => event)).not.toContain('speech_child_unusable');
});

test('an engine whose package is not installed says so, speaks nothing, and breaks nothing', async () => {
  expect(packagePath('no-such-package-of-ours')).toBeNull();
  const missing = missingEngine('piper', 'sherpa-onnx-node', log);
  expect(lines).toEqual([['speech_engine_missing', { engine: 'piper', cure: 'npm install sherpa-onnx-node' }]]);
  expect(missing.speaks(rija)).toBe(false);
  await expect(missing.say({ kind: 'text', text: 'a' }, rija, never)).rejects.toSatisfy((error) =>
    isError(error, 'unavailable'),
  );
  await missing.close();
});
