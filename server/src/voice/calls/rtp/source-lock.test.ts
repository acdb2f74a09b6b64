import { expect, test } from 'vitest';
import { RELEASE_MS, type SourceLock, sourceLock } from './source-lock.ts';

const SDP = { address: '192.0.2.1', port: 4000 };
const SEEN = { address: '198.51.100.7', port: 61_000 };
const STRANGER = { address: '203.0.113.9', port: 9 };

function packet(sequence: number, ssrc = 1) {
  return { payloadType: 8, sequence, timestamp: 160 * sequence, ssrc, start: 12, end: 172 };
}

/** @returns for each packet, whether it was taken. */
function sends(lock: SourceLock, from: typeof SDP, sequences: readonly number[], now = 0, ssrc = 1): boolean[] {
  return sequences.map((sequence) => lock.accept(from, packet(sequence, ssrc), now));
}

test('the address of the SDP is believed with its first packet', () => {
  const lock = sourceLock(SDP);
  expect(lock.to).toEqual(SDP);
  expect(sends(lock, SDP, [7])).toEqual([true]);
  expect(lock.to).toEqual(SDP);
});

test('another is followed after four packets in a row, around the end of the count as well', () => {
  const lock = sourceLock(SDP);
  expect(sends(lock, SEEN, [65_534, 65_535, 0])).toEqual([false, false, false]);
  expect(lock.to).toEqual(SDP);
  expect(sends(lock, SEEN, [1])).toEqual([true]);
  expect(lock.to).toEqual(SEEN);
});

test('stray packets never are: not with gaps, not with changing streams, not from changing ports', () => {
  const lock = sourceLock(SDP);
  sends(lock, STRANGER, [1, 1, 1, 1, 5, 9, 2]);
  for (let i = 0; i < 8; i += 1) sends(lock, STRANGER, [i], 0, i);
  for (let i = 0; i < 8; i += 1) sends(lock, { ...STRANGER, port: i }, [i]);
  expect(lock.to).toEqual(SDP);
});

test('while the far end is heard nobody takes its place', () => {
  const lock = sourceLock(SDP);
  sends(lock, SEEN, [1, 2, 3, 4]);
  for (let now = 0; now < 20_000; now += RELEASE_MS - 1) {
    expect(sends(lock, STRANGER, [1, 2, 3, 4, 5, 6], now)).not.toContain(true);
    expect(sends(lock, SEEN, [9], now)).toEqual([true]);
  }
  expect(lock.to).toEqual(SEEN);
});

test('a far end that fell silent may be found elsewhere', () => {
  const lock = sourceLock(SDP);
  sends(lock, SDP, [1]);
  sends(lock, SEEN, [1, 2, 3, 4], RELEASE_MS - 1);
  expect(lock.to).toEqual(SDP);
  sends(lock, SEEN, [5, 6, 7, 8], RELEASE_MS);
  expect(lock.to).toEqual(SEEN);
});

test('the address of the SDP takes its place back', () => {
  const lock = sourceLock(SDP);
  sends(lock, STRANGER, [1, 2, 3, 4]);
  expect(sends(lock, SDP, [100])).toEqual([true]);
  expect(lock.to).toEqual(SDP);
  expect(sends(lock, STRANGER, [5, 6, 7, 8])).not.toContain(true);
});

test('a new stream from the same address is the far end still', () => {
  const lock = sourceLock(SDP);
  sends(lock, SEEN, [1, 2, 3, 4]);
  expect(sends(lock, SEEN, [900], 0, 77)).toEqual([true]);
});

test('an SDP that says something new is followed, one that says the same changes nothing', () => {
  const lock = sourceLock(SDP);
  sends(lock, SEEN, [1, 2, 3, 4]);
  lock.expect({ ...SDP });
  expect(lock.to).toEqual(SEEN);
  lock.expect(STRANGER);
  expect(lock.to).toEqual(STRANGER);
  expect(sends(lock, SEEN, [5])).toEqual([false]);
});
