import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSsml } from './ssml.ts';
import { spokenPieces, writeSsml } from './ssml-write.ts';

function rewritten(source: string): string {
  const result = parseSsml(source);
  return result.kind === 'ssml' ? writeSsml(result.nodes) : `refused: ${result.message}`;
}

test('what may be said is written anew, and means the same', () => {
  expect(rewritten('Your code')).toBe('<speak>Your code</speak>');
  expect(
    rewritten(
      `<?xml version="1.0" encoding="UTF-8"?><speak version='1.0' xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="en-US">` +
        '<p><s>Hi</s></p> <break time="1.5s"/><break/><say-as interpret-as="spell-out">ab</say-as></speak>',
    ),
  ).toBe(
    '<speak><p><s>Hi</s></p> <break time="1500ms"/><break time="400ms"/><say-as interpret-as="characters">ab</say-as></speak>',
  );
  expect(
    rewritten('<prosody rate="80%" pitch="+5%" volume="soft">a <emphasis level="strong">b</emphasis></prosody>'),
  ).toBe(
    '<speak><prosody rate="80%" pitch="+5%" volume="soft">a <emphasis level="strong">b</emphasis></prosody></speak>',
  );
  expect(rewritten('<sub alias="World Wide Web &amp; co">WWW</sub> &lt;3 &#x41;&#66; R&apos;n&apos;B')).toBe(
    "<speak>World Wide Web &amp; co &lt;3 AB R'n'B</speak>",
  );
});

test('what is written can be read again, and comes out the same', () => {
  const once = rewritten(
    '<p>a &amp; b [[c</p><break strength="strong"/><say-as interpret-as="telephone">12</say-as><prosody rate="slow">x</prosody>',
  );
  expect(once).toContain('tts:digits');
  expect(rewritten(once)).toBe(once);
});

test.each([
  ['</say-as><audio src="http://169.254.169.254/"/>', '</say-as>'],
  ['<say-as interpret-as="digits">1</say-as><audio src="file:///etc/passwd"/>', '<audio>'],
  ['<speak><audio src="/etc/passwd"/></speak>', '<audio>'],
  ['<AUDIO src="x"/>', '<AUDIO>'],
  ['<voice name="x">a</voice>', '<voice>'],
  ['<mark name="x"/>', '<mark>'],
  ['<lexicon uri="http://x"/>', '<lexicon>'],
  ['<__proto__/>', '<'],
  ['<constructor/>', '<constructor>'],
  ['<p __proto__="x">a</p>', '<'],
  ['<p constructor="x">a</p>', 'constructor'],
  ['<break time="999999s"/>', '0s to 5s'],
  ['<break time="-1s"/>', 'time'],
  ['<break time="1e3s"/>', 'time'],
  ['<break time="5001ms"/>', 'time'],
  ['<break time="5s"/><break time="5s"/><break time="1ms"/>', '10 s'],
  ['<!DOCTYPE speak [<!ENTITY a "b">]><speak>&a;</speak>', '<'],
  ['<speak>&a;</speak>', '&amp;'],
  ['<speak>a & b</speak>', '&amp;'],
  ['&#0;', 'character'],
  ['&#x110000;', 'character'],
  ['&#xD800;', 'character'],
  ['&#x1b;', 'character'],
  ['a\0b', 'control'],
  ['\ud800', 'half a character'],
  ['<!-- x -->', '<'],
  ['<![CDATA[<audio/>]]>', '<'],
  ['<?php x ?>', '<'],
  ['a <?xml version="1.0"?>', '<'],
  ['<p>a', '</p>'],
  ['<p>a</s>', '</p>'],
  ['a</p>', 'no end tag'],
  ['<p><speak>a</speak></p>', 'outermost'],
  ['<break>a</break>', 'inside <break>'],
  ['<say-as interpret-as="characters"><p>a</p></say-as>', 'inside <say-as>'],
  ['<say-as>a</say-as>', 'interpret-as'],
  ['<say-as interpret-as="date">a</say-as>', 'characters, spell-out'],
  ['<sub>a</sub>', 'alias'],
  [`<sub alias="${'x'.repeat(101)}">a</sub>`, 'alias'],
  ['<prosody rate="1000%">a</prosody>', 'rate'],
  ['<prosody rate="80%" rate="90%">a</prosody>', 'twice'],
  ['<prosody volume="silent">a</prosody>', 'volume'],
  ['<p onclick=x>a</p>', '<'],
  ['a < b', '&lt;'],
  ['<', '&lt;'],
  [`<speak>${'<p>'.repeat(9)}${'</p>'.repeat(9)}</speak>`, 'nested'],
  ['x'.repeat(751), '750'],
])('%j is refused with a cure', (source, cure) => {
  const result = parseSsml(source);
  expect(result).toMatchObject({ kind: 'fault', message: expect.stringContaining(cure) });
});

/** Everything that the writer may ever put out. */
const SAFE =
  /^<speak>(?:[^<>&]|&(?:lt|gt|amp);|<\/?(?:p|s)>|<break time="\d{1,4}ms"\/>|<say-as interpret-as="(?:characters|tts:digits)">|<emphasis(?: level="[a-z]+")?>|<prosody(?: (?:rate|pitch|volume)="[-+a-z0-9%]+")*>|<\/(?:say-as|emphasis|prosody)>)*<\/speak>$/u;

const fragment = fc.oneof(
  fc.constantFrom(
    '<speak>',
    '</speak>',
    '<p>',
    '</p>',
    '<break time="1s"/>',
    '<say-as interpret-as="characters">',
    '</say-as>',
    '<audio src="/etc/passwd"/>',
    '<sub alias="&lt;audio src=&quot;x&quot;/&gt;">',
    '</sub>',
    '<prosody rate="',
    '80%',
    '">',
    '</prosody>',
    '&lt;',
    '&#60;',
    '&#x3c;audio/&#62;',
    '&amp;lt;',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '[[',
    '"',
    "'",
    '<',
    '>',
    '&',
  ),
  fc.string({ unit: 'binary', maxLength: 8 }),
);

test('whatever comes in, only the allow-list comes out', () => {
  fc.assert(
    fc.property(fc.array(fragment, { maxLength: 14 }), (parts) => {
      const result = parseSsml(parts.join(''));
      if (result.kind === 'fault') {
        expect(result.message).toMatch(/^The SSML .+\.$/s);
        return;
      }
      const ssml = writeSsml(result.nodes);
      expect(ssml).toMatch(SAFE);
      expect(ssml).not.toContain('[[');
    }),
    { numRuns: 3000 },
  );
});

test('an engine without SSML gets words and silence, and spells what is to be spelled', () => {
  const result = parseSsml(
    '<speak><p>Your <emphasis>code</emphasis></p><break time="1s"/><say-as interpret-as="digits">12</say-as></speak>',
  );
  expect(result.kind === 'ssml' && spokenPieces(result.nodes)).toEqual([
    { kind: 'text', text: 'Your code' },
    { kind: 'silence', ms: 1000 },
    { kind: 'text', text: ' 1, 2 ' },
  ]);
});
