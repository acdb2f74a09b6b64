import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../errors.ts';
import { fieldReader, flag, oneOf, text, whole } from './cast.ts';

const promptType = oneOf('File', 'TTS', 'TTS_SSML');
const fault = { fault: expect.any(String) };

describe('an enum', () => {
  it('has each name in any case, and its place in the SDK’s list', () => {
    const cased = fc.constantFrom('File', 'TTS', 'TTS_SSML').chain((name) =>
      fc.array(fc.boolean(), { minLength: name.length, maxLength: name.length }).map((upper) => ({
        name,
        written: [...name].map((letter, i) => (upper[i] ? letter.toUpperCase() : letter.toLowerCase())).join(''),
      })),
    );
    fc.assert(fc.property(cased, ({ name, written }) => void expect(promptType(written)).toEqual({ value: name })));
    expect([0, 1, 2, '0', '1', '2'].map((place) => promptType(place))).toEqual(
      ['File', 'TTS', 'TTS_SSML', 'File', 'TTS', 'TTS_SSML'].map((value) => ({ value })),
    );
  });

  it.each([3, -1, 0.5, Number.NaN, true, ['File'], { File: 0 }, 'Tts Ssml', ' TTS', '01', 'constructor', '__proto__'])(
    'knows no %j',
    (value) => {
      expect(promptType(value)).toEqual({ fault: 'must be one of: "File" or 0, "TTS" or 1, "TTS_SSML" or 2' });
    },
  );
});

describe('a flag', () => {
  it.each([true, 'true', 'True', 'TRUE', 1, '1'])('is set by %j', (value) => {
    expect(flag(value)).toEqual({ value: true });
  });
  it.each([false, 'false', 'False', 'FALSE', 0, '0'])('is not set by %j', (value) => {
    expect(flag(value)).toEqual({ value: false });
  });
  it.each(['yes', 'no', 2, -1, [], {}, 'falsefalse', ' true'])('is not %j', (value) => {
    expect(flag(value)).toEqual(fault);
  });
});

describe('a whole number', () => {
  it('is taken within its bounds, as a number or as its text, and nowhere else', () => {
    fc.assert(
      fc.property(fc.integer({ min: -20, max: 80 }), (n) => {
        const want = n >= 10 && n <= 60 ? { value: n } : fault;
        expect(whole(10, 60)(n)).toEqual(want);
        expect(whole(10, 60)(String(n))).toEqual(want);
      }),
    );
  });

  it.each([10.5, '10.5', '1e1', '0x10', ' 10', '', '٣٠', true, [30], null, Number.POSITIVE_INFINITY, '9'.repeat(20)])(
    'is not %j',
    (value) => {
      expect(whole(10, 60)(value)).toEqual({ fault: 'must be a whole number from 10 to 60' });
    },
  );

  it('has one zero', () => {
    expect(whole(-4, 4)('-0')).toEqual({ value: 0 });
    expect(whole(-4, 4)(-0)).toEqual({ value: 0 });
  });
});

describe('a text', () => {
  it('is counted as people count it', () => {
    expect(text(3)('🙂🙂🙂')).toEqual({ value: '🙂🙂🙂' });
    expect(text(3)('🙂🙂🙂🙂')).toEqual(fault);
    expect(text(3)('x'.repeat(1_000_000))).toEqual(fault);
  });

  it('may have lines where it is spoken, and nowhere else', () => {
    expect(text(9, 'lines')('a\tb\r\nc')).toEqual({ value: 'a\tb\r\nc' });
    for (const line of ['a\nb', 'a\rb', 'a\tb']) expect(text(9)(line)).toEqual(fault);
  });

  it.each(['a\0b', '\x1b[2J', 'a\x7f', '\x85', 'half \ud800', 5, ['a'], {}, true])('is not %j', (value) => {
    expect(text(99, 'lines')(value)).toEqual(fault);
  });
});

describe('a reader', () => {
  it('takes null, an empty text and nothing for "not given"', () => {
    const faults: Fault[] = [];
    const read = fieldReader({ a: null, b: '', c: undefined }, faults);
    for (const name of ['a', 'b', 'c', 'd']) expect(read.optional(name, whole(0, 3), 2)).toBe(2);
    expect(faults).toEqual([]);
  });

  it('reports every fault, by name', () => {
    const faults: Fault[] = [];
    const read = fieldReader({ volume: 'loud' }, faults, 'voice.');
    expect(read.optional('volume', whole(-4, 4), 0)).toBe(0);
    expect(read.required('number', whole(1, 9))).toBeNull();
    expect(faults).toEqual([
      { field: 'voice.volume', message: 'must be a whole number from -4 to 4' },
      { field: 'voice.number', message: 'must be a whole number from 1 to 9' },
    ]);
  });
});
