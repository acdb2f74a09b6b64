import { expect, test } from 'vitest';
import { eventPacket } from './far-end.ts';
import { readRtp } from './rtp-packet.ts';
import { keyReader } from './telephone-event.ts';

/** The keys that these packets say, in one stream. */
function keys(...packets: readonly Buffer[]): string {
  const reader = keyReader();
  let said = '';
  for (const bytes of packets) {
    const packet = readRtp(bytes);
    if (packet !== null) said += reader.read(packet, bytes) ?? '';
  }
  return said;
}

test('every key has its code', () => {
  expect(keys(...Array.from({ length: 16 }, (_, code) => eventPacket(code, 1600 * code)))).toBe('0123456789*#ABCD');
});

test('a press is one key, however many packets say it, and with its first', () => {
  const press = [160, 320, 480, 640].map((duration) => eventPacket(1, 8000, { duration }));
  const end = eventPacket(1, 8000, { duration: 800, end: true });
  expect(keys(...press, end, end, end)).toBe('1');
  expect(keys(eventPacket(1, 8000))).toBe('1');
});

test('a press of which only the end came is a key', () => {
  expect(keys(eventPacket(1, 8000, { end: true }))).toBe('1');
});

test('the same key pressed again is another', () => {
  expect(keys(eventPacket(1, 8000), eventPacket(1, 16_000))).toBe('11');
});

test('a packet that was overtaken by the next press says nothing', () => {
  expect(keys(eventPacket(1, 8000), eventPacket(2, 9600), eventPacket(1, 8000, { end: true }))).toBe('12');
});

test('timestamps may pass their highest', () => {
  expect(keys(eventPacket(1, 0xffffff00), eventPacket(2, 0x200), eventPacket(1, 0xffffff00))).toBe('12');
});

test('a key held for more than 8 s is still one', () => {
  expect(
    keys(eventPacket(5, 1000, { duration: 0xffff }), eventPacket(5, 1000 + 0xffff), eventPacket(5, 1000 + 2 * 0xffff)),
  ).toBe('5');
});

test('a far end that begins a new count is heard', () => {
  expect(keys(eventPacket(1, 900_000), eventPacket(2, 100))).toBe('12');
  expect(keys(eventPacket(1, 8000), eventPacket(2, 8000, { ssrc: 9 }))).toBe('12');
});

test('what is no key, or cut off, says nothing', () => {
  expect(keys(eventPacket(16, 100), eventPacket(255, 200), eventPacket(1, 300).subarray(0, 15))).toBe('');
});
