import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packagePath } from './package-path.ts';

const RATE = 22_050;

/**
 * Puts a Piper model for tests into `folder`: an ONNX file that takes what Piper's take, and answers everything with one second of a
 * tone of 440 Hz; and of espeak-ng's rules, which sherpa-onnx reads, those for Nepali.
 */
export async function writeToneModel(folder: string): Promise<void> {
  await writeFile(join(folder, 'ne.onnx'), toneModel());
  const tokens = Array.from('_^$ abcdefghijklmnopqrstuvwxyzəˈːɾʰ', (token, i) => `${token} ${i}\n`);
  await writeFile(join(folder, 'tokens.txt'), tokens.join(''));
  await writeRules(join(folder, 'espeak-ng-data'));
}

async function writeRules(folder: string): Promise<void> {
  const { default: load } = await import(pathToFileURL(packagePath('@echogarden/espeak-ng-emscripten') ?? '').href);
  const espeak: { readonly FS: { readFile(path: string): Uint8Array } } = await load();
  const rules = ['phontab', 'phonindex', 'phondata', 'intonations', 'ne_dict', 'en_dict', 'lang/inc/ne', 'lang/gmw/en'];
  for (const rule of rules) {
    await mkdir(dirname(join(folder, rule)), { recursive: true });
    await writeFile(join(folder, rule), espeak.FS.readFile(`/usr/share/espeak-ng-data/${rule}`));
  }
}

// Protocol buffers by hand; the field numbers are those of onnx.proto, which names the fields as here.
const FLOAT = 1;
const INT64 = 7;

function toneModel(): Uint8Array {
  const tone = Float32Array.from({ length: RATE }, (_, i) => 0.3 * Math.sin((2 * Math.PI * 440 * i) / RATE));
  const shape = [1, 1, RATE];
  const initializer = [
    ...shape.map((dim) => number(1, dim)),
    number(2, FLOAT),
    text(8, 'tone'),
    field(9, Buffer.from(tone.buffer)),
  ];
  const graph = message(7, [
    message(1, [text(1, 'tone'), text(2, 'output'), text(4, 'Identity')]),
    text(2, 'graph'),
    message(5, initializer),
    message(11, value('input', INT64, ['N', 'T'])),
    message(11, value('input_lengths', INT64, ['N'])),
    message(11, value('scales', FLOAT, [3])),
    message(12, value('output', FLOAT, shape)),
  ]);
  const metadata = {
    model_type: 'vits',
    comment: 'piper',
    language: 'Nepali',
    voice: 'ne',
    has_espeak: '1',
    n_speakers: '1',
    sample_rate: String(RATE),
  };
  const properties = Object.entries(metadata).map(([key, words]) => message(14, [text(1, key), text(2, words)]));
  return Buffer.concat([number(1, 8), graph, message(8, [text(1, ''), number(2, 15)]), ...properties]);
}

/** A ValueInfoProto. */
function value(name: string, type: number, dims: readonly (number | string)[]): readonly Buffer[] {
  const shape = dims.map((dim) => message(1, [typeof dim === 'number' ? number(1, dim) : text(2, dim)]));
  return [text(1, name), message(2, [message(1, [number(1, type), message(2, shape)])])];
}

function number(id: number, what: number): Buffer {
  return Buffer.from([...varint(id << 3), ...varint(what)]);
}

function text(id: number, what: string): Buffer {
  return field(id, Buffer.from(what));
}

function message(id: number, parts: readonly Buffer[]): Buffer {
  return field(id, Buffer.concat(parts));
}

function field(id: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from([...varint((id << 3) | 2), ...varint(body.length)]), body]);
}

function varint(what: number): readonly number[] {
  return what < 128 ? [what] : [(what % 128) | 128, ...varint(Math.floor(what / 128))];
}
