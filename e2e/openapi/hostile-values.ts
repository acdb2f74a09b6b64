import fc, { type Arbitrary } from 'fast-check';
import { CODES_THAT_ARE_NONE, NUMBERS_OF_NOBODY, ODD_TEMPLATES } from '../hostile/inputs.ts';
import type { Json } from './described.ts';

const TEXTS: readonly string[] = [
  ...[
    '',
    ' ',
    '\0',
    '\x1b[2J',
    '\r\nX-Injected: 1',
    '\u202e',
    '\u200b',
    '\ud800',
    '🙂',
    '١٢٣',
    '%00',
    '%2e%2e%2f',
    '%',
  ],
  ...['../../etc/passwd', '..\\..\\x', '..%2f..%2f', 'a.wav\0.txt', '__proto__', 'constructor', 'toString', 'null'],
  ...["' OR '1'='1", '"; DROP TABLE accounts; --', '$' + '{7*7}', '{{7*7}}', '<script>alert(1)</script>', '=cmd()'],
  ...[
    '0',
    '-1',
    '1e18',
    '1e999',
    '99999999999999999999',
    '0x10',
    'NaN',
    '6abc',
    'true',
    'x'.repeat(3_000),
    'é'.repeat(300),
  ],
  ...['</say-as><audio src="http://169.254.169.254/"/>', '<break time="999999s"/>', 'np_rija/../../x'],
  ...['file:///etc/passwd', 'http://user:pw@127.0.0.1/', 'http://localhost./', 'http://2130706433/', 'javascript:1'],
  ...['2025-02-30', '9999-12-31T23:59:60Z', '0000-00-00T00:00:00Z', '2026-01-01T00:00:00+25:00'],
];

const OTHERS: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1, 6.5, 1e9, 1e21, -0, 2 ** 53, [], {}, [null], [[]], [6], ['x'], { $ne: null }],
  ...[{ length: 6 }, { toString: 'x' }],
];

/** What means no good in a header field, a query or a path. */
export const hostileTexts: Arbitrary<string> = fc.oneof(
  fc.constantFrom(...TEXTS, ...ODD_TEMPLATES),
  fc.string({ maxLength: 30, unit: 'binary' }),
);

/** What means no good in a body. */
export const hostileValues: Arbitrary<unknown> = fc.oneof(
  hostileTexts,
  fc.constantFrom(...OTHERS, ...CODES_THAT_ARE_NONE, ...NUMBERS_OF_NOBODY),
  fc.jsonValue({ maxDepth: 3 }),
);

const deep = (open: string, close: string) => `${open.repeat(5_000)}1${close.repeat(5_000)}`;

/** Bodies that are no JSON object, or hide one. */
export const brokenBodies: Arbitrary<string | Buffer> = fc.oneof(
  fc.constantFrom<string | Buffer>(
    ...[
      '',
      'null',
      '[]',
      '"text"',
      '5',
      'true',
      '{',
      '}',
      '{"a":1,}',
      "{'a':1}",
      '{"a":1}{"a":1}',
      '\ufeff{}',
      '{"a":"\x01"}',
    ],
    ...[
      '{"__proto__":{"a":1}}',
      '{"constructor":{"prototype":{"a":1}}}',
      '{"a":1,"a":2}',
      deep('[', ']'),
      deep('{"a":', '}'),
    ],
    ...[`{"text":"${'x'.repeat(70_000)}"}`, Buffer.from('{"a":1}', 'utf16le'), Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
  ),
  fc.uint8Array({ maxLength: 40 }).map((octets) => Buffer.from(octets)),
);

/** `sound` with one thing wrong with it. */
export function spoiled(sound: Arbitrary<unknown>, schema: Json): Arbitrary<unknown> {
  const known = Object.keys((schema['properties'] ?? {}) as Json);
  const field = fc.constantFrom(...known, 'account_id', 'credits_used', 'toString', '');
  const change = fc.tuple(
    field,
    fc.oneof({ arbitrary: hostileValues, weight: 4 }, { arbitrary: fc.constant(undefined), weight: 1 }),
  );
  return fc.oneof(
    { arbitrary: fc.tuple(sound, change).map(([body, [name, value]]) => withField(body, name, value)), weight: 6 },
    { arbitrary: hostileValues, weight: 1 },
  );
}

function withField(body: unknown, name: string, value: unknown): unknown {
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? { ...body, [name]: value } : value;
}
