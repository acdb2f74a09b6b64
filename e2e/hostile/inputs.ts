/** What people who mean no good type into the fields of a send. */

export const NUMBERS_OF_NOBODY: readonly unknown[] = [
  'a123321312321',
  '0944567890abc',
  // Parsers that guess read an extension into the letters.
  '+33 6 6X XX XX 83',
  '9851023212;ext=1',
  'tel:+9779851023212',
  '0x1F',
  '٠٩٤٤٥٦٧٨٩٠',
  '+9779851023212\r\nX: y',
  '98510\u202e23212',
  '98510\u200b23212',
  '9'.repeat(10_000),
  ...['+', '', ' ', '+112', '00112'],
  ...[null, undefined, 9_851_023_212, 1e21, true, [], ['9851023212'], { $ne: null }, { __proto__: null, e164: '+1' }],
];

/** Premium, satellite, shared networks; emergency, in and out of disguise. */
export const NUMBERS_OF_NO_PERSON = [
  ...['+19005551234', '+881612345678', '+979123456789'],
  ...['112', '911', '100', '1-1-2'],
];

export const SPELLINGS = [
  '9851023212',
  '9779851023212',
  '+9779851023212',
  '00977 9851023212',
  '+977-985-102 (3212)',
] as const;

export const DECEIVING_TEMPLATES: readonly unknown[] = [
  ...['none', '{{otp}}', '{ otp }', '{OTP}', '{otp', '$' + '{otp'],
  '{otp}'.repeat(500),
  `{otp}${'x'.repeat(60_000)}`,
  `${'नमस्ते '.repeat(1_000)}{otp}`,
  // A last line like these binds the code to another's site.
  ...['{otp}\n@evil.com #{otp}', 'x\r\n@evil.com #{otp}', '{otp} x\u2028@evil.com #123456', '{otp}\n@evil.com #1\n\n'],
  ...['NUL \0 {otp}', 'ESC \x1b[2J {otp}', '\x9b31m{otp}', '\b{otp}'],
  ...['', 5, null, [], ['{otp}'], { otp: '{otp}' }],
];

/** Each is a text like any other: it arrives as it stands. */
export const ODD_TEMPLATES = [
  "$& $` $' $$ $1 $<otp> {otp}",
  '{otp} %s %n %00 $' + '{7*7} {{7*7}} {{o}}',
  '{otp}{otp}',
  '€[]{}~^|\\ {otp}',
  '<script>alert(1)</script>{otp}',
  "{otp}' OR '1'='1",
  '=cmd(){otp}',
  ...['half \ud800 {otp}', '\udc00{otp}', '\ud83d{otp}\ude00'],
  ...['RTL \u202e{otp}', '\u200b{otp}\ufeff', '\t{otp}\r\n'],
  ...['@{otp}', '{otp} evil.com #', '#{otp} @evil.com'],
];

/** A filler, how many characters the text has in all, and the segments that makes. */
export const LENGTHS: readonly (readonly [filler: string, total: number, segments: number])[] = [
  ['x', 159, 1],
  ['x', 160, 1],
  ['x', 161, 2],
  ['x', 306, 2],
  ['x', 307, 3],
  ['ल', 69, 1],
  ['ल', 70, 1],
  ['ल', 71, 2],
  ['ल', 134, 2],
  ['ल', 135, 3],
];

/** A character of two septets, and one of two units, across the edge of the first part. */
export const EDGES = [`${'x'.repeat(152)}€${'x'.repeat(20)}{otp}`, `${'ल'.repeat(66)}🙂${'ल'.repeat(20)}{otp}`];

export const CODES_THAT_ARE_NONE: readonly unknown[] = [
  ...[123456, 1e5, ['123456'], { $ne: null }, true, null, undefined],
  ...[
    '१२३४५६',
    '１２３４',
    '1'.repeat(4_096),
    '123',
    '12345678901',
    '12 345',
    '1234\n',
    '12\u200b34',
    '$&12',
    '{otp}',
    '',
  ],
];

export const LENGTHS_THAT_ARE_NONE: readonly unknown[] = [
  ...[0, -1, 3, 11, 6.5, 1e9, null, [6], true, { length: 6 }],
  ...['6abc', '0x6', '1e1', ' 6', '٦', ''],
];

export const OTHER_FIELDS_AT_ODDS: readonly Readonly<Record<string, unknown>>[] = [
  ...[null, 5, ['x'], 'x'.repeat(101), 'a\r\nb', 'a\0', 'half \ud800'].map((company_name) => ({ company_name })),
  ...[null, 'sms', 'TEXT', '', ['text'], 0, '__proto__'].map((sms_send_options) => ({ sms_send_options })),
  ...[null, '', 'Personnel', 1, ['personnel'], '__proto__'].map((otp_options) => ({ otp_options })),
  ...['np_rija/../../x', '</say-as><audio src="http://169.254.169.254/"/>', '<break time="999999s"/>', '__proto__'].map(
    (voice_input) => ({ sms_send_options: 'voice', voice_input }),
  ),
];

const deep = (open: string, close: string) => `${open.repeat(10_000)}1${close.repeat(10_000)}`;

/** Bodies that are no JSON object, or hide one; `text` is a sound one. */
export function brokenBodies(text: string): readonly string[] {
  return [
    ...['', 'null', '[]', '"text"', '5', '{', "{'number':1}", `${text},`, `${text}${text}`, `\ufeff${text}`],
    ...[deep('[', ']'), deep('{"a":', '}'), `{"x":${deep('[', ']')},${text.slice(1)}`, `{"__proto__":${text}}`],
  ];
}

export const PLACES_THAT_ARE_NONE = [
  ...['page=0', 'page=-1', 'page=1e18', 'page=99999999999999999999', 'page=1&offset=1'],
  ...['limit=1000000000', 'limit=0', 'limit=1.5', 'limit=1&limit=2', 'offset=-1', 'offset=1e3'],
  ...['number=x', 'number=%00', 'number=%ff', 'sms_send_options=x', 'otp_options=__proto__'],
  ...['created_after=x', 'created_after=2025-02-30', 'created_before=%00'],
];

/** Passed over, or far from every row. */
export const PLACES_THAT_ARE_FAR = [
  ...['__proto__=1', 'constructor=1', 'toString=1', 'limit[]=1', '%00=1', 'account_id=x', 'offset=1000000000'],
  ...['created_after=0001-01-01', 'created_before=9999-12-31T23:59:59.999999999Z'],
  'created_after=2025-10-29T13:33:55.5121911',
];
