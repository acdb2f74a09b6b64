import { mkdir, mkdtemp, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeWav } from '../../voice/audio/write-wav.ts';
import { scriptedShell } from '../scripted-shell.ts';
import { type ServedOnce, servedOnce } from '../served-once.ts';

let served: ServedOnce;
const { run, clock } = scriptedShell({ openStore: (options) => served.openStore(options) });
const passbell = (...argv: string[]) => run(...argv, '--data', served.data);
const json = async (...argv: string[]) => JSON.parse((await passbell(...argv, '--json')).out);
const paths = async () => (await json('audio', 'list')).data.map(({ path }: { path: string }) => path);

beforeAll(async () => {
  served = await servedOnce(clock);
});
afterAll(() => served.close());

const tone = writeWav(Int16Array.from({ length: 4_000 }, (_, i) => 8_000 * Math.sin(i)));
let folder: string;
const at = (name: string) => join(folder, name);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passbell-audio-'));
  await mkdir(at('sounds/spelling/en-GB'), { recursive: true });
  for (const name of ['intro.wav', 'sounds/a.wav', 'sounds/spelling/en-GB/1.WAV']) await writeFile(at(name), tone);
  await writeFile(at('sounds/readme.txt'), 'x');
  await writeFile(at('page.wav'), '<html>');
  return async () => {
    const id = served.first.account.id;
    for (const { path } of await served.store.audio.list(id, '/')) await served.store.audio.delete(id, path);
    await rm(folder, { recursive: true });
  };
});

describe('audio upload', () => {
  it('puts a file at the root under its name, or where it is told', async () => {
    expect(await passbell('audio', 'upload', at('intro.wav'))).toEqual({
      code: 0,
      out: [
        'PATH        SECONDS  WAS                             SINCE',
        '/intro.wav     0.50  8000 Hz, 1 channel, pcm 16 bit  2026-01-31T10:00:00Z',
        '',
      ].join('\n'),
      err: '',
    });
    await passbell('audio', 'upload', at('intro.wav'), '--path', 'prompts/');
    await passbell('audio', 'upload', at('intro.wav'), '--path', '/Prompts/Welcome.wav');
    expect(await paths()).toEqual(['/intro.wav', '/prompts/intro.wav', '/prompts/welcome.wav']);
  });

  it('puts all WAV files of a folder below it, as they stand there, and no links', async () => {
    await symlink('/etc/passwd', at('sounds/passwd.wav'));
    await symlink('/etc', at('sounds/etc'));
    const { data } = await json('audio', 'upload', at('sounds'), at('intro.wav'), '--path', '/x');
    expect(data).toMatchObject([
      { path: '/x/a.wav', seconds: 0.5, source: '8000 Hz, 1 channel, pcm 16 bit' },
      { path: '/x/spelling/en-gb/1.wav' },
      { path: '/x/intro.wav' },
    ]);
    expect(await paths()).toEqual(['/x/a.wav', '/x/intro.wav', '/x/spelling/en-gb/1.wav']);
  });

  it('takes the others when one is no sound, and ends with 1', async () => {
    const one = await passbell('audio', 'upload', at('page.wav'), at('intro.wav'));
    expect(one).toMatchObject({
      ...{ code: 1, out: expect.stringContaining('/intro.wav') },
      err: `passbell: ${at('page.wav')} was not taken. This is not a WAV file: save the sound as WAV, 16-bit PCM.\n`,
    });
    await writeFile(at('silent.wav'), writeWav(new Int16Array(800)));
    const { code, out, err } = await passbell('audio', 'upload', at('page.wav'), at('silent.wav'), '--json');
    expect([code, JSON.parse(out)]).toEqual([1, { data: [] }]);
    expect(JSON.parse(err).error).toMatchObject({
      ...{ code: 'not_taken', message: '2 of 2 files were not taken:' },
      faults: [{ field: at('page.wav') }, { field: at('silent.wav'), message: expect.stringMatching(/^It is silent/) }],
    });
  });

  it('takes none when it can be told before that something is wrong', async () => {
    await mkdir(at('empty'));
    await writeFile(at('huge.wav'), '');
    await truncate(at('huge.wav'), 10 * 1024 * 1024 + 1);
    await writeFile(at('x.mp3'), 'x');
    const { code, out, err } = await passbell(
      ...['audio', 'upload', at('intro.wav'), at('empty'), at('huge.wav'), at('x.mp3'), at('sounds/../intro.wav')],
    );
    expect([code, out]).toEqual([2, '']);
    expect(err.split('\n').map((line) => line.trim().replaceAll(/\s+/g, ' '))).toEqual([
      'passbell: 4 options cannot be used as they were given:',
      `${at('empty')} there is no .wav file in this folder`,
      `${at('huge.wav')} is larger than 10485760 bytes: shorten it, or save it at a lower sample rate`,
      `${at('x.mp3')} cannot be stored as '/x.mp3': that must name a .wav file, as in "/prompts/intro.wav"`,
      `${at('intro.wav')} would stand at /intro.wav, where ${at('intro.wav')} goes`,
      '',
    ]);
    expect(await paths()).toEqual([]);
  });

  it.each([
    [['none.wav'], 'cannot be read (ENOENT)'],
    [['sounds', '--path', '/x.wav'], '--path: ends in .wav, which names one file: write a folder'],
    [['intro.wav', 'page.wav', '--path', '/x.wav'], '--path: ends in .wav, which names one file: write a folder'],
    [['intro.wav', '--path', '/../x'], 'that must be a path from the root of the audio store'],
  ])('refuses %j', async (argv, message) => {
    const given = argv.map((word) => (word.startsWith('-') || word.startsWith('/') ? word : at(word)));
    expect(await passbell('audio', 'upload', ...given)).toMatchObject({
      ...{ code: 2, out: '', err: expect.stringContaining(message) },
    });
  });
});

describe('audio list', () => {
  it('lists by path, and by what paths begin with', async () => {
    expect((await passbell('audio', 'list')).out).toBe(
      'There is no file yet. `passbell audio upload` puts some there.\n',
    );
    await passbell('audio', 'upload', at('sounds'));
    expect((await passbell('audio', 'list', 'spelling/')).out).toMatch(/^PATH .*\n\/spelling\/en-gb\/1\.wav .*\n$/);
    expect((await passbell('audio', 'list', '/x')).out).toBe('There is no file below /x.\n');
    expect(await json('audio', 'list')).toEqual({
      data: [
        { path: '/a.wav', seconds: 0.5, source: '8000 Hz, 1 channel, pcm 16 bit', updated_at: expect.any(String) },
        expect.objectContaining({ path: '/spelling/en-gb/1.wav' }),
      ],
    });
  });
});

describe('audio play', () => {
  it('writes the sound to a file, or to the program behind the pipe', async () => {
    await passbell('audio', 'upload', at('intro.wav'));
    expect(await passbell('audio', 'play', 'intro.wav', '--out', at('out.wav'))).toMatchObject({
      ...{ code: 0, out: `/intro.wav is in ${at('out.wav')}.\n` },
    });
    expect(Buffer.from(await readFile(at('out.wav'))).equals(tone)).toBe(true);
    const piped: Uint8Array[] = [];
    const shell = { openStore: served.openStore, outBytes: (bytes: Uint8Array) => void piped.push(bytes) };
    const { code, out } = await scriptedShell(shell).run('audio', 'play', '/intro.wav', '--data', served.data);
    expect([code, out, Buffer.concat(piped).equals(tone)]).toEqual([0, '', true]);
  });

  it('writes no sound on a terminal, nor into a document', async () => {
    await passbell('audio', 'upload', at('intro.wav'));
    for (const more of [[], ['--json']]) {
      expect(await passbell('audio', 'play', '/intro.wav', ...more)).toMatchObject({
        ...{ code: 2, out: '', err: expect.stringContaining('--out') },
      });
    }
    expect(await passbell('audio', 'play', '/intro.wav', '--out', at('none/x.wav'))).toMatchObject({
      ...{ code: 1, err: `passbell: ${at('none/x.wav')} cannot be written (ENOENT).\n` },
    });
  });
});

describe('audio remove', () => {
  it('removes a file, and guesses at one that is not there', async () => {
    await passbell('audio', 'upload', at('intro.wav'));
    expect(await passbell('audio', 'remove', '/intor.wav')).toMatchObject({
      ...{ code: 1, err: 'passbell: There is no file /intor.wav. Did you mean /intro.wav?\n' },
    });
    expect((await passbell('audio', 'remove', 'INTRO.wav')).out).toBe('/intro.wav is removed.\n');
    expect(await passbell('audio', 'play', '/intro.wav', '--out', at('x.wav'))).toMatchObject({
      ...{ code: 1, err: expect.stringContaining('`passbell audio list` shows what there is.') },
    });
    expect((await passbell('audio', 'remove', '../x.wav')).code).toBe(2);
  });
});
