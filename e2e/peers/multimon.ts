import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { resample } from './resample.ts';
import type { Sound } from './wav.ts';

/** What multimon-ng takes: `-t raw` is 16 bit at this rate. */
const RATE = 22_050;

/** The keys whose DTMF tones multimon-ng, which this project did not write, hears in the sound: `1234#`. */
export async function dtmfKeys({ rate, samples }: Sound): Promise<string> {
  const child = spawn('multimon-ng', ['-q', '-t', 'raw', '-a', 'DTMF', '-'], { stdio: ['pipe', 'pipe', 'pipe'] });
  const gone = once(child, 'close');
  const said = text(child.stderr);
  const raw = resample(samples, rate, RATE);
  // Its last block must be full: what does not fill one is not looked at.
  const silence = new Int16Array(RATE / 2);
  child.stdin.write(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength));
  child.stdin.end(Buffer.from(silence.buffer));
  const heard = await text(child.stdout);
  const [code] = await gone;
  if (code !== 0) throw new Error(`multimon-ng ended with ${code}: ${await said}`);
  return [...heard.matchAll(/^DTMF: (.)$/gm)].map(([, key]) => key).join('');
}
