import type { Random } from '../../../../../values/random.ts';
import { INVALID } from './invalid.ts';
import { LAYERS } from './layers.ts';
import type { TortureMessage } from './torture-message.ts';
import { VALID } from './valid.ts';

/** All 49 messages of RFC 4475. */
export const TORTURE: readonly TortureMessage[] = [...VALID, ...INVALID, ...LAYERS];

/** What a mutation likes to put somewhere: all that means something in SIP. */
const SPICE = [
  ...[...'\r\n\t\0 "<>;,:@=?/\\[]%'].map((octet) => Buffer.from(octet)),
  ...['\r\n', '\r\n\r\n', '\r\n ', 'SIP/2.0', 'l: 65536\r\n', '9'.repeat(40), '%00', '\u00ff', 'z9hG4bK'].map((text) =>
    Buffer.from(text),
  ),
];

/** A message bent at random: octets changed, taken out, doubled, put in, cut off. The same `random` bends in the same way. */
export function mutated(octets: Buffer, random: Random): Buffer {
  let bent = Buffer.from(octets);
  for (let times = 1 + random.below(6); times > 0; times--) {
    const at = random.below(bent.length + 1);
    const to = Math.min(bent.length, at + random.below(40));
    const [before, piece, after] = [bent.subarray(0, at), bent.subarray(at, to), bent.subarray(to)];
    const spice = SPICE[random.below(SPICE.length)] ?? Buffer.alloc(0);
    switch (random.below(6)) {
      case 0:
        bent = Buffer.concat([before, after]);
        break;
      case 1:
        bent = Buffer.concat([before, piece, piece, after]);
        break;
      case 2:
        bent = Buffer.concat([before, Buffer.from(random.bytes(1 + random.below(4))), piece, after]);
        break;
      case 3:
        bent = random.below(10) === 0 ? Buffer.from(before) : bent;
        break;
      default:
        bent = Buffer.concat([before, spice, random.below(2) === 0 ? piece : Buffer.alloc(0), after]);
    }
  }
  return bent;
}

/** Endless: each message of the RFC in turn, bent. For as long as the reader goes on. */
export function* tortured(random: Random): Generator<Buffer, never> {
  for (let nth = 0; ; nth++) {
    const { octets } = TORTURE[nth % TORTURE.length] as TortureMessage;
    yield mutated(octets, random);
  }
}
