import { describe, expect, test } from 'vitest';
import type { AudioRow, AudioStore } from '../store/tables/audio.ts';
import { ManualClock } from '../values/manual-clock.ts';
import { convertWav } from './audio/convert-wav.ts';
import { writeWav } from './audio/write-wav.ts';
import { audioDesk, MOST_AUDIO_BYTES } from './audio-desk.ts';

const OURS = 'account-1';

/** Rows in memory, a count of what was read, and a gate before each reading. */
function memoryAudio() {
  const rows = new Map<string, AudioRow>();
  const key = (accountId: string, path: string) => `${accountId} ${path}`;
  const counts = { read: 0 };
  let gate: Promise<void> = Promise.resolve();
  const store: AudioStore = {
    async put(row, most) {
      const others = [...rows.values()].filter(({ accountId, path }) => {
        return accountId === row.accountId && path !== row.path;
      });
      const samples = others.reduce((sum, other) => sum + other.samples, row.samples);
      if (others.length >= most.files || samples > most.samples) return false;
      rows.set(key(row.accountId, row.path), row);
      return true;
    },
    async get(accountId, path) {
      counts.read += 1;
      const row = rows.get(key(accountId, path)) ?? null;
      await gate;
      return row;
    },
    async list(accountId, prefix) {
      const found = [...rows.values()].filter((row) => row.accountId === accountId && row.path.startsWith(prefix));
      return found.map(({ pcm: _, ...entry }) => entry);
    },
    delete: async (accountId, path) => rows.delete(key(accountId, path)),
  };
  return {
    ...{ store, rows, counts },
    hold(until: Promise<void>) {
      gate = until;
    },
  };
}

function openDesk() {
  const memory = memoryAudio();
  const clock = new ManualClock();
  let changed = () => {};
  const desk = audioDesk({
    ...{ store: memory.store, clock },
    onChange: (listener) => {
      changed = listener;
    },
    convertWav: async (wav, limits) => convertWav(wav, limits),
  });
  return { ...memory, desk, clock, change: () => changed() };
}

/** 8 kHz: samples of one height, alternating, so that they are told apart and survive as they are. */
const samples = (height: number, count = 800) =>
  Int16Array.from({ length: count }, (_, i) => (i % 2 ? height : -height));
const file = (height: number, count?: number) => writeWav(samples(height, count));

/** Stereo at 44,100 Hz, both sides alike. */
function studio(seconds: number): Buffer {
  const frames = Math.round(44_100 * seconds);
  const wav = Buffer.alloc(44 + 4 * frames);
  Buffer.from(writeWav(new Int16Array(0))).copy(wav);
  wav.writeUInt16LE(2, 22);
  wav.writeUInt32LE(44_100, 24);
  wav.writeUInt32LE(4 * frames, 40);
  for (let i = 0; i < frames; i += 1) {
    const sample = Math.round(10_000 * Math.sin((2 * Math.PI * 440 * i) / 44_100));
    wav.writeInt16LE(sample, 44 + 4 * i);
    wav.writeInt16LE(sample, 46 + 4 * i);
  }
  return wav;
}

describe('what is put there', () => {
  test('is played as it came, if it is 8 kHz mono already', async () => {
    const { desk, clock } = openDesk();
    const entry = await desk.put(OURS, 'Prompts/Intro.WAV', file(9_000));
    expect(entry).toEqual({
      ...{ accountId: OURS, path: '/prompts/intro.wav', samples: 800, updatedAt: clock.now() },
      source: '8000 Hz, 1 channel, pcm 16 bit',
    });
    expect((await desk.clip(OURS, '/prompts/intro.wav'))?.pcm).toEqual(samples(9_000));
    expect((await desk.clip(OURS, 'PROMPTS/intro.wav'))?.pcm).toEqual(samples(9_000));
    expect(Buffer.from(await desk.wav(OURS, 'prompts/intro.wav')).equals(file(9_000))).toBe(true);
  });

  test('is brought to 8 kHz mono otherwise', async () => {
    const { desk } = openDesk();
    const entry = await desk.put(OURS, '/a.wav', studio(0.5));
    expect(entry).toMatchObject({ samples: 4_000, source: '44100 Hz, 2 channels, pcm 16 bit' });
    const pcm = (await desk.clip(OURS, '/a.wav'))?.pcm ?? new Int16Array();
    const crossings = pcm.subarray(1).filter((sample, i) => sample > 0 !== (pcm[i] as number) > 0).length;
    expect(crossings / 2 / 0.5).toBeCloseTo(440, -1);
  });

  test('is replaced, and the new one played at once', async () => {
    const { desk, rows } = openDesk();
    await desk.put(OURS, '/a.wav', file(1_000));
    await desk.clip(OURS, '/a.wav');
    await desk.put(OURS, '/a.wav', file(2_000, 400));
    expect((await desk.clip(OURS, '/a.wav'))?.pcm).toEqual(samples(2_000, 400));
    expect(rows.size).toBe(1);
  });

  test('is one account’s own', async () => {
    const { desk } = openDesk();
    await desk.put(OURS, '/a.wav', file(1_000));
    expect(await desk.clip('account-2', '/a.wav')).toBeNull();
    expect(await desk.list('account-2', '')).toEqual([]);
    await expect(desk.delete('account-2', '/a.wav')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('is gone when it was deleted', async () => {
    const { desk } = openDesk();
    await desk.put(OURS, '/a.wav', file(1_000));
    await desk.clip(OURS, '/a.wav');
    await desk.delete(OURS, 'A.wav');
    expect(await desk.clip(OURS, '/a.wav')).toBeNull();
    await expect(desk.delete(OURS, '/a.wav')).rejects.toMatchObject({ code: 'not_found' });
    await expect(desk.wav(OURS, '/a.wav')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('is listed by what its path begins with, in any case, with or without the first slash', async () => {
    const { desk } = openDesk();
    for (const path of ['spelling/en-gb/1.wav', 'spelling/en-gb/2.wav', 'b.wav'])
      await desk.put(OURS, path, file(1_000));
    const paths = async (prefix: string) => (await desk.list(OURS, prefix)).map(({ path }) => path);
    expect(await paths('/Spelling/en-GB/')).toEqual(['/spelling/en-gb/1.wav', '/spelling/en-gb/2.wav']);
    expect(await paths('b')).toEqual(['/b.wav']);
    expect(await paths('')).toHaveLength(3);
  });
});

describe('what is refused', () => {
  test.each(['../x.wav', 'a%2fb.wav', 'x.mp3', 'a\0.wav', ''])(
    'the path %j, before its file is looked at',
    async (path) => {
      const { desk, rows, counts } = openDesk();
      const faults = [{ field: 'path', message: expect.stringMatching(/^must /) }];
      await expect(desk.put(OURS, path, Buffer.from('x'))).rejects.toMatchObject({ detail: { faults } });
      await expect(desk.delete(OURS, path)).rejects.toMatchObject({ detail: { faults } });
      await expect(desk.wav(OURS, path)).rejects.toMatchObject({ code: 'not_found' });
      expect(await desk.clip(OURS, path)).toBeNull();
      expect([rows.size, counts.read]).toEqual([0, 0]);
    },
  );

  test.each<[string, Uint8Array, RegExp]>([
    ['no WAV', Buffer.from('<html>'), /^This is not a WAV file/],
    ['more than a minute', file(1_000, 480_001), /^It is longer than 60 seconds/],
    ['more octets than are read', Buffer.alloc(MOST_AUDIO_BYTES + 1), /^The file is larger than 10485760 bytes/],
    ['silence', file(0), /^It is silent/],
  ])('%s, and what stood there stays', async (_, wav, message) => {
    const { desk } = openDesk();
    await desk.put(OURS, '/a.wav', file(1_000));
    const faults = [{ field: 'body', message: expect.stringMatching(message) }];
    await expect(desk.put(OURS, '/a.wav', wav)).rejects.toMatchObject({ code: 'invalid_request', detail: { faults } });
    expect((await desk.clip(OURS, '/a.wav'))?.pcm).toEqual(samples(1_000));
  });

  test('sound past an hour in all', async () => {
    const { desk } = openDesk();
    const minute = file(1_000, 480_000);
    for (let i = 0; i < 60; i += 1) await desk.put(OURS, `/${i}.wav`, minute);
    await expect(desk.put(OURS, '/x.wav', file(1_000, 8))).rejects.toMatchObject({ code: 'conflict' });
    await desk.put(OURS, '/59.wav', file(1_000, 8));
  });

  test('the file after the thousandth, but not a new one in its place', async () => {
    const { desk, rows } = openDesk();
    for (let i = 0; i < 1_000; i += 1) await desk.put(OURS, `/${i}.wav`, file(1_000, 8));
    const reason = 'too_much_audio_delete_some';
    await expect(desk.put(OURS, '/x.wav', file(1_000))).rejects.toMatchObject({ code: 'conflict', detail: { reason } });
    await desk.put(OURS, '/999.wav', file(1_000));
    await desk.put('account-2', '/x.wav', file(1_000));
    await desk.delete(OURS, '/0.wav');
    await desk.put(OURS, '/x.wav', file(1_000));
    expect(rows.size).toBe(1_001);
  });
});

describe('memory', () => {
  test('calls share one reading, and later ones need none', async () => {
    const { desk, counts } = openDesk();
    await desk.put(OURS, '/a.wav', file(1_000));
    const clips = await Promise.all(Array.from({ length: 50 }, () => desk.clip(OURS, 'A.wav')));
    expect(new Set([...clips, await desk.clip(OURS, '/a.wav')]).size).toBe(1);
    expect(counts.read).toBe(1);
  });

  test('forgets when another process may have changed a file', async () => {
    const { desk, rows, change } = openDesk();
    await desk.put(OURS, '/a.wav', file(1_000));
    await desk.clip(OURS, '/a.wav');
    const other = openDesk();
    await other.desk.put(OURS, '/a.wav', file(2_000));
    for (const [key, row] of other.rows) rows.set(key, row);
    expect((await desk.clip(OURS, '/a.wav'))?.pcm[1]).toBe(1_000);
    change();
    expect((await desk.clip(OURS, '/a.wav'))?.pcm[1]).toBe(2_000);
  });

  test('does not keep what was read before a change, and came after it', async () => {
    const { desk, hold } = openDesk();
    await desk.put(OURS, '/a.wav', file(1_000));
    const { promise, resolve } = Promise.withResolvers<void>();
    hold(promise);
    const slow = desk.clip(OURS, '/a.wav');
    await desk.put(OURS, '/a.wav', file(2_000));
    const next = desk.clip(OURS, '/a.wav');
    resolve();
    expect((await slow)?.pcm[1]).toBe(1_000);
    expect((await next)?.pcm[1]).toBe(2_000);
    expect((await desk.clip(OURS, '/a.wav'))?.pcm[1]).toBe(2_000);
  });

  test('is not filled by files that are not there, and asks again', async () => {
    const { desk } = openDesk();
    expect(await desk.clip(OURS, '/a.wav')).toBeNull();
    await desk.put(OURS, '/a.wav', file(1_000));
    expect(await desk.clip(OURS, '/a.wav')).not.toBeNull();
  });

  test('has a bound: what was used longest ago is read again', async () => {
    const { desk, counts } = openDesk();
    // A minute takes 2 MB: twenty of them are more than fit.
    const minute = file(1_000, 480_000);
    for (let i = 0; i < 20; i += 1) await desk.put(OURS, `/${i}.wav`, minute);
    for (let i = 0; i < 20; i += 1) await desk.clip(OURS, `/${i}.wav`);
    expect(counts.read).toBe(20);
    await desk.clip(OURS, '/19.wav');
    expect(counts.read).toBe(20);
    await desk.clip(OURS, '/0.wav');
    expect(counts.read).toBe(21);
  });

  test('a reading that failed is tried again', async () => {
    const { desk, hold } = openDesk();
    await desk.put(OURS, '/a.wav', file(1_000));
    hold(Promise.reject(new Error('the store is away')));
    await expect(desk.clip(OURS, '/a.wav')).rejects.toThrow('the store is away');
    hold(Promise.resolve());
    expect(await desk.clip(OURS, '/a.wav')).not.toBeNull();
  });
});
