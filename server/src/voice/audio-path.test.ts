import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAudioPath } from './audio-path.ts';

describe('a path', () => {
  it.each([
    ['/prompts/intro.wav', '/prompts/intro.wav'],
    ['prompts/code.wav', '/prompts/code.wav'],
    ['Prompts/Intro.WAV', '/prompts/intro.wav'],
    ['/a b/ü (1).wav', '/a b/ü (1).wav'],
    ['intro.v2.wav', '/intro.v2.wav'],
    [`${'x'.repeat(250)}.wav`, `/${'x'.repeat(250)}.wav`],
  ])('%s is one', (text, path) => {
    expect(parseAudioPath(text)).toEqual({ path });
  });

  it.each([
    '../../etc/passwd',
    '/../x.wav',
    'a/../../x.wav',
    'a/..',
    '..wav',
    '..%2f..%2fx.wav',
    '%2e%2e/x.wav',
    'a\\..\\x.wav',
    'C:\\x.wav',
    'c:/x.wav',
    'a.wav\0.txt',
    'a\0.wav',
    'a.wav\n',
    'a\u202e.wav',
    '//x.wav',
    'a//x.wav',
    'a/./x.wav',
    './x.wav',
    '.wav',
    '/.hidden.wav',
    'a/ /x.wav',
    'a/x.wav ',
    'x.mp3',
    'x',
    '',
    '/',
    'a.wav/',
    'http://169.254.169.254/x.wav',
    'file:///etc/x.wav',
    'x.wav?y=.wav',
    '<audio src="x.wav',
    `${'x'.repeat(251)}.wav`,
  ])('%j is none', (text) => {
    expect(parseAudioPath(text)).toEqual({ fault: expect.stringMatching(/^must /) });
  });

  it('never climbs, never has another spelling, and reads itself again', () => {
    const piece = fc.constantFrom('a', 'B', '..', '.', '/', '\\', '%2e', '\0', ' ', 'wav', '.wav', '//', ':', '\u202e');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const read = parseAudioPath(pieces.join(''));
        if (!('path' in read)) return;
        const { path } = read;
        expect(path).toMatch(/^(\/[^/]+)+\.wav$/);
        expect(new URL(path.replaceAll(' ', '%20'), 'http://h').pathname).toBe(path.replaceAll(' ', '%20'));
        expect(parseAudioPath(path)).toEqual({ path });
      }),
      { numRuns: 2_000 },
    );
  });
});
