import { afterAll, expect, test } from 'vitest';
import { silentLog } from '../../observe/log.ts';
import { systemClock } from '../../values/clock.ts';
import { level } from '../audio/level.ts';
import { MARKS } from '../spelling/alphabets.ts';
import { spell } from '../spelling/spell.ts';
import { VOICES, voiceNamed } from '../voices.ts';
import { espeakEngine } from './espeak-engine.ts';
import type { Pcm, Utterance } from './speech-engine.ts';

const engine = espeakEngine({ clock: systemClock, log: silentLog });
afterAll(() => engine.close());

function say(utterance: Utterance | string, name: string): Promise<Pcm> {
  const voice = voiceNamed(name);
  if (voice === null) throw new Error(`no voice ${name}`);
  const asked: Utterance = typeof utterance === 'string' ? { kind: 'text', text: utterance } : utterance;
  return engine.say(asked, voice, new AbortController().signal);
}

function seconds({ samples, rate }: Pcm): number {
  return samples.length / rate;
}

/** The pitch of a voice, Hz: the median over windows of where the sound is most like itself. */
function pitch({ samples, rate }: Pcm): number {
  const window = Math.round(rate / 20);
  const found: number[] = [];
  for (let start = 0; start + 2 * window < samples.length; start += window) {
    const here = samples.subarray(start, start + window);
    if (level(here).rms < -40) continue;
    let best = { likeness: 0.6, lag: 0 };
    for (let lag = Math.floor(rate / 300); lag < rate / 60; lag++) {
      let product = 0;
      let there = 0;
      let own = 0;
      for (const [i, sample] of here.entries()) {
        const later = samples[start + i + lag] ?? 0;
        product += sample * later;
        there += later * later;
        own += sample * sample;
      }
      const likeness = product / Math.sqrt(own * there);
      if (likeness > best.likeness * 1.02) best = { likeness, lag };
    }
    if (best.lag > 0) found.push(rate / best.lag);
  }
  return found.sort((a, b) => a - b)[found.length >> 1] ?? 0;
}

test.each(VOICES)('$name sounds, and says three digits in a plausible time', async ({ name, locale }) => {
  const pcm = await say(spell('174', locale).join(', '), name);
  expect(seconds(pcm)).toBeGreaterThan(0.7);
  expect(seconds(pcm)).toBeLessThan(4);
  expect(level(pcm.samples).rms).toBeGreaterThan(-35);
});

test.each(['np_rija np_shreegya np_prashanna np_binod', 'en-GB/female/1 en-GB/female/2 en-GB/male/1 en-GB/male/2'])(
  '%s are four different voices: women above 150 Hz, men below 130',
  async (names) => {
    const heard: number[] = [];
    for (const name of names.split(' ')) heard.push(pitch(await say(spell('12345', name.slice(0, 2)).join(' '), name)));
    const [first = 0, second = 0, third = 0, fourth = 0] = heard;
    expect(second).toBeGreaterThan(150);
    expect(first / second).toBeGreaterThan(1.08);
    expect(third).toBeLessThan(130);
    expect(third / fourth).toBeGreaterThan(1.08);
  },
);

test('every name of a character can be heard', async () => {
  for (const name of ['en-GB/female/1', 'el-GR/female/1', 'ru-RU/female/1', 'np_rija', 'hu-HU/female/1']) {
    const voice = voiceNamed(name);
    for (const word of spell(`0123456789abcdefghijklmnopqrstuvwxyz${MARKS}`, voice?.locale ?? '')) {
      const pcm = await say(word, name);
      expect(level(pcm.samples).rms, `${name} ${word}`).toBeGreaterThan(-40);
    }
  }
});

test('text is text: neither markup nor phonemes nor an end', async () => {
  const bare = seconds(await say('x y', 'en-GB/female/1'));
  for (const text of [
    'x <audio src="/etc/passwd"/> y',
    'x [[h@l]] y',
    'x <break time="0ms"/> y',
    'x &amp; y',
    'x \0 y one two',
  ])
    expect(seconds(await say(text, 'en-GB/female/1')), text).toBeGreaterThan(bare + 0.2);
});

test('breaks of our own markup are as long as they say', async () => {
  const ssml = (ms: number) => ({ kind: 'ssml' as const, ssml: `<speak>one<break time="${ms}ms"/>two</speak>` });
  const short = seconds(await say(ssml(0), 'fr-FR/male/1'));
  expect(seconds(await say(ssml(2000), 'fr-FR/male/1')) - short).toBeCloseTo(2, 1);
});

test('750 characters of any script are said', async () => {
  for (const [name, text] of [
    ['en-GB/female/1', 'code '.repeat(150)],
    ['np_binod', 'तपाईंको कोड '.repeat(62)],
    ['ru-RU/male/1', 'ж'.repeat(750)],
    ['en-GB/male/1', '😀'.repeat(375)],
    ['el-GR/female/1', '漢'.repeat(750)],
  ] as const) {
    const pcm = await say(text, name).catch((error: Error) => error.message);
    if (typeof pcm === 'string') expect(pcm).toContain('too long to say');
    else expect(seconds(pcm)).toBeGreaterThan(10);
  }
});
