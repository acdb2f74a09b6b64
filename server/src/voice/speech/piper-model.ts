import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A Piper voice as sherpa-onnx wants it: https://k2-fsa.github.io/sherpa/onnx/tts/piper.html */
export interface PiperModel {
  /** The folder it is all in. */
  readonly folder: string;
  readonly model: string;
  readonly tokens: string;
  /** espeak-ng's rules of pronunciation. */
  readonly dataDir: string;
}

/**
 * Looks at a model before a native library does, which ends its process over a file that it does not like.
 * @param path of a folder as sherpa-onnx publishes them (`vits-piper-…`), or of the `.onnx` file in it.
 * @returns the model, or one sentence: what is wrong with it.
 */
export function findPiperModel(path: string): PiperModel | string {
  try {
    const isFolder = statSync(path).isDirectory();
    const folder = isFolder ? path : dirname(path);
    const model = isFolder ? onlyModel(folder) : path;
    if (model === null) return `${folder} does not hold one .onnx file; name the file itself`;
    if (firstByte(model) !== ONNX_FIRST_BYTE) return `${model} is not an ONNX model`;
    const tokens = join(folder, 'tokens.txt');
    const dataDir = join(folder, 'espeak-ng-data');
    if (!statSync(tokens, { throwIfNoEntry: false })?.isFile())
      return `${tokens} is missing: take the model as sherpa-onnx publishes it`;
    if (!statSync(join(dataDir, 'phontab'), { throwIfNoEntry: false })?.isFile())
      return `${dataDir} is missing or empty: take the model as sherpa-onnx publishes it`;
    return { folder, model, tokens, dataDir };
  } catch (error) {
    return `${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`;
  }
}

/** The tag of `ir_version`, the first field of onnx.proto's ModelProto; a pointer of Git LFS begins otherwise. */
const ONNX_FIRST_BYTE = 0x08;

function onlyModel(folder: string): string | null {
  const models = readdirSync(folder).filter((file) => file.endsWith('.onnx'));
  return models.length === 1 && models[0] !== undefined ? join(folder, models[0]) : null;
}

function firstByte(path: string): number | undefined {
  const file = openSync(path, 'r');
  try {
    const octet = Buffer.alloc(1);
    return readSync(file, octet) === 1 ? octet[0] : undefined;
  } finally {
    closeSync(file);
  }
}
