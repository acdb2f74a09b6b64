import fc from 'fast-check';
import { expect, test } from 'vitest';
import { playlist } from './playlist.ts';

const SILENCE = 255;

/** Fills frames of `size` until the end was said. */
function frames(clips: readonly Uint8Array[], size: number): { octets: number[]; ended: number } {
  const list = playlist();
  list.play(clips);
  const octets: number[] = [];
  for (let frame = 1; frame < 1000; frame += 1) {
    const into = new Uint8Array(size);
    const ended = list.fill(into, 0, SILENCE);
    octets.push(...into);
    if (ended) return { octets, ended: frame };
  }
  return { octets, ended: 0 };
}

test('clips of any length follow each other without a gap, and end in silence', () => {
  const clip = fc.uint8Array({ min: 0, max: 254, maxLength: 50 });
  fc.assert(
    fc.property(fc.array(clip, { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 40 }), (clips, size) => {
      const sound = clips.flatMap((octets) => [...octets]);
      const { octets, ended } = frames(clips, size);
      expect(ended).toBe(Math.max(1, Math.ceil(sound.length / size)));
      expect(octets).toEqual([...sound, ...Array(octets.length - sound.length).fill(SILENCE)]);
    }),
  );
});

test('its end is said once, and nothing is no end', () => {
  const list = playlist();
  const into = new Uint8Array(4);
  expect(list.fill(into, 0, SILENCE)).toBe(false);
  list.play([Uint8Array.of(1)]);
  expect(list.fill(into, 0, SILENCE)).toBe(true);
  expect(list.fill(into, 0, SILENCE)).toBe(false);
  list.play([]);
  expect(list.fill(into, 0, SILENCE)).toBe(false);
});

test('writes behind the header only', () => {
  const list = playlist();
  const into = new Uint8Array(6);
  list.play([Uint8Array.of(1, 2, 3)]);
  list.fill(into, 2, SILENCE);
  expect([...into]).toEqual([0, 0, 1, 2, 3, SILENCE]);
});

test('what is played next takes the place of what plays', () => {
  const list = playlist();
  const into = new Uint8Array(2);
  list.play([Uint8Array.of(1, 1, 1, 1), Uint8Array.of(2)]);
  list.fill(into, 0, SILENCE);
  list.play([Uint8Array.of(7, 8, 9)]);
  list.fill(into, 0, SILENCE);
  expect([...into]).toEqual([7, 8]);
});

test('another codec goes on at the same place', () => {
  const list = playlist();
  const into = new Uint8Array(3);
  list.play([Uint8Array.of(1, 2), Uint8Array.of(3, 4, 5, 6)]);
  list.fill(into, 0, SILENCE);
  list.recode([Uint8Array.of(11, 12), Uint8Array.of(13, 14, 15, 16)]);
  expect(list.fill(into, 0, SILENCE)).toBe(true);
  expect([...into]).toEqual([14, 15, 16]);
  list.recode([Uint8Array.of(21)]);
  expect(list.fill(into, 0, SILENCE)).toBe(false);
});
