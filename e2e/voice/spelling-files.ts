import { writeWav } from '../peers/wav.ts';
import { dtmfTones } from './dtmf-tones.ts';

/** Puts a key's DTMF tones in place of the word for it, for each of the characters, into the account's audio store. */
export async function uploadTones(url: string, key: string, characters: string, locale = 'en-gb'): Promise<void> {
  for (const character of characters) {
    const { pcm: samples } = dtmfTones(character, { toneMs: 150, pauseMs: 0 });
    const { status } = await fetch(`${url}/v1/audio/spelling/${locale}/${character}.wav`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'audio/wav' },
      body: writeWav({ rate: 8_000, samples }),
    });
    if (status !== 201) throw new Error(`no spelling file: ${status}`);
  }
}
