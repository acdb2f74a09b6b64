/** Uncompressed sound of one channel. */
export interface Sound {
  readonly rate: number;
  readonly samples: Int16Array;
}

const PCM = 1;

/**
 * Reads a WAV file of 16 bit PCM, one channel: what baresip records and what the handset hands out. A reader of our own tests' own, so
 * that what the service writes is not judged by itself.
 * @throws when it is anything else.
 */
export function readWav(file: Uint8Array): Sound {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const tag = (at: number) => String.fromCharCode(...file.subarray(at, at + 4));
  if (file.length < 12 || tag(0) !== 'RIFF' || tag(8) !== 'WAVE') throw new Error('not a WAV file');
  let rate: number | null = null;
  for (let at = 12; at + 8 <= file.length; ) {
    const start = at + 8;
    const length = Math.min(view.getUint32(at + 4, true), file.length - start);
    if (tag(at) === 'fmt ') {
      const format = [view.getUint16(start, true), view.getUint16(start + 2, true), view.getUint16(start + 14, true)];
      if (format.join() !== [PCM, 1, 16].join())
        throw new Error(`format, channels, bits are ${format.join()}, not 1,1,16`);
      rate = view.getUint32(start + 4, true);
    }
    if (tag(at) === 'data' && rate !== null) {
      return { rate, samples: Int16Array.from({ length: length >> 1 }, (_, i) => view.getInt16(start + 2 * i, true)) };
    }
    at = start + length + (length % 2);
  }
  throw new Error('a WAV file without sound');
}

export function writeWav({ rate, samples }: Sound): Buffer {
  const file = Buffer.alloc(44 + samples.length * 2);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(PCM, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(rate * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(samples.length * 2, 40);
  for (const [index, sample] of samples.entries()) file.writeInt16LE(sample, 44 + 2 * index);
  return file;
}
