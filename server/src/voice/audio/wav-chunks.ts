/** How a WAV file's samples are written. */
export type SampleFormat = 'pcm' | 'float' | 'pcma' | 'pcmu';

/** What a WAV file's header says, and where its samples are. Nothing of it has been judged yet. */
export interface WavChunks {
  /** Null: one that is not known here. */
  readonly format: SampleFormat | null;
  readonly channels: number;
  /** Samples a second in each channel. */
  readonly rate: number;
  /** Bits of one sample of one channel. */
  readonly bits: number;
  /** A view on the file. */
  readonly data: Uint8Array;
}

const FORMATS: Readonly<Record<number, SampleFormat>> = { 1: 'pcm', 3: 'float', 6: 'pcma', 7: 'pcmu' };
/** WAVE_FORMAT_EXTENSIBLE: the format is the first two octets of a GUID, the rest of which is always the same. */
const EXTENSIBLE = 0xfffe;
const GUID_TAIL = '000000001000800000aa00389b71';
/** Files have a handful; one that is all empty chunks must not be walked for ever. */
const MAX_CHUNKS = 256;

/**
 * Finds the format and the samples in a RIFF file (IBM & Microsoft, "Multimedia Programming Interface and Data Specifications 1.0").
 * Sizes are not believed: programs that write to a pipe leave 0 or 2^32 − 1 in RIFF and data, and a cut-off file claims more than it has.
 * @returns null when it is no WAV file, or has no format or no samples.
 */
export function readChunks(bytes: Uint8Array): WavChunks | null {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < 12 || tag(file, 0) !== 'RIFF' || tag(file, 8) !== 'WAVE') return null;

  let format: Omit<WavChunks, 'data'> | null = null;
  let at = 12;
  for (let chunk = 0; chunk < MAX_CHUNKS && at + 8 <= file.length; chunk += 1) {
    const name = tag(file, at);
    const size = file.readUInt32LE(at + 4);
    const body = file.subarray(at + 8, at + 8 + size);
    if (name === 'fmt ') format ??= readFormat(body);
    if (name === 'data' && format !== null) {
      // Only a writer that could not go back leaves a size of 0: what follows is sound, to the end.
      return { ...format, data: size === 0 ? file.subarray(at + 8) : body };
    }
    // A chunk of odd size has an octet after it that is not counted.
    at += 8 + size + (size % 2);
  }
  return null;
}

function readFormat(body: Buffer): Omit<WavChunks, 'data'> | null {
  if (body.length < 16) return null;
  const code = body.readUInt16LE(0);
  const extended = code === EXTENSIBLE && body.length >= 40 && body.toString('hex', 26, 40) === GUID_TAIL;
  return {
    format: FORMATS[extended ? body.readUInt16LE(24) : code] ?? null,
    channels: body.readUInt16LE(2),
    rate: body.readUInt32LE(4),
    bits: body.readUInt16LE(14),
  };
}

function tag(file: Buffer, at: number): string {
  return file.toString('latin1', at, at + 4);
}
