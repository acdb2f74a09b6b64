import { expect, test } from 'vitest';
import { encodeG711 } from '../../voice/audio/g711.ts';
import { exampleClip } from '../../voice/scripted-call-engine.ts';
import { recording } from './recording.ts';

const LOUD = 8_000;
const QUIET = 400;

/** Where each run of equal octets ends, in samples. */
function runs(octets: Uint8Array): readonly (readonly [sample: number, octet: number])[] {
  const ends: [number, number][] = [];
  octets.forEach((octet, i) => {
    if (octets[i + 1] !== octet) ends.push([i + 1, octet]);
  });
  return ends;
}

function alaw(amplitude: number): number {
  const octet = new Uint8Array(1);
  encodeG711(Int16Array.of(amplitude), 'pcma', octet);
  return octet[0] ?? 0;
}

test('clips stand one after another, with silence before, between and after', () => {
  const tape = recording();
  expect(tape.play([exampleClip('a', 10, LOUD), exampleClip('b', 20, QUIET)], 160)).toBe(400);
  tape.play([exampleClip('c', 10, LOUD)], 480);
  expect(runs(tape.octets(640))).toEqual([
    ...[
      [160, 0xd5],
      [240, alaw(LOUD)],
      [400, alaw(QUIET)],
      [480, 0xd5],
      [560, alaw(LOUD)],
      [640, 0xd5],
    ],
  ]);
  expect(tape.words).toEqual([
    [20, 'a'],
    [30, 'b'],
    [60, 'c'],
  ]);
});

test('what is played next takes the place of what had not been heard yet', () => {
  const tape = recording();
  tape.play([exampleClip('a', 10, LOUD), exampleClip('b', 10, QUIET), exampleClip('never', 10, LOUD)], 0);
  tape.play([exampleClip('c', 10, LOUD)], 100);
  expect(runs(tape.octets(200))).toEqual([
    [80, alaw(LOUD)],
    [100, alaw(QUIET)],
    [180, alaw(LOUD)],
    [200, 0xd5],
  ]);
  expect(tape.words.map(([, text]) => text)).toEqual(['a', 'b', 'c']);
});

test('so far means so far: what is still to come is not in it', () => {
  const tape = recording();
  tape.play([exampleClip('a', 10, LOUD), exampleClip('b', 10, QUIET)], 0);
  expect(runs(tape.octets(90))).toEqual([
    [80, alaw(LOUD)],
    [90, alaw(QUIET)],
  ]);
  expect(tape.octets(0)).toHaveLength(0);
});

test('a clip that says nothing is heard and not written down', () => {
  const tape = recording();
  const { words: _, ...pause } = exampleClip('', 10, QUIET);
  tape.play([pause], 0);
  expect(tape.words).toEqual([]);
  expect(runs(tape.octets(80))).toEqual([[80, alaw(QUIET)]]);
});
