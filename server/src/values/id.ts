import type { Clock } from './clock.ts';
import type { Random } from './random.ts';

/** A UUIDv7 (RFC 9562 §5.7) in its lowercase text form with dashes. */
export type Id = string;

export type IdSource = () => Id;

const FORM = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a text has the form of an id: PostgreSQL would fail a whole query for one that has not. Any UUID has it. */
export function isId(text: string): boolean {
  return FORM.test(text);
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * Ids that sort by the time they were made, also within one millisecond: the 12 bits after the version count up
 * (RFC 9562 §6.2, method 1) and run over into the time, so that no two ids of one process swap order.
 */
export function idSource(clock: Clock, random: Random): IdSource {
  let lastMs = 0;
  let counter = 0;
  return () => {
    const now = clock.now();
    if (now > lastMs) {
      lastMs = now;
      counter = random.below(2048);
    } else if (++counter > 0xfff) {
      lastMs += 1;
      counter = 0;
    }
    const time = lastMs.toString(16).padStart(12, '0');
    const tail = random.bytes(8);
    const variant = 0x80 | ((tail[0] ?? 0) & 0x3f);
    let rest = HEX[variant] ?? '';
    for (let i = 1; i < 8; i++) rest += HEX[tail[i] ?? 0];
    const count = (0x7000 | counter).toString(16);
    return `${time.slice(0, 8)}-${time.slice(8)}-${count}-${rest.slice(0, 4)}-${rest.slice(4)}`;
  };
}
