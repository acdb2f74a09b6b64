// The speech child of espeak-ng: GPL-3 code runs here and nowhere else, away from the service's memory and event loop.
import { pathToFileURL } from 'node:url';
import { answerRequests } from './answer-requests.ts';
import { MAX_SPOKEN_SECONDS } from './messages.ts';

/** What espeak-ng is asked to say. */
export interface EspeakRequest {
  /** Markup of our own writing: espeak-ng reads all text as markup. */
  readonly markup: string;
  /** Its own name for a voice, with a variant: `ne+f2`. */
  readonly voice: string;
  /** Words a minute, about. */
  readonly rate: number;
  /** 0 … 99. */
  readonly pitch: number;
}

/** The part of the package that is used; it comes without types. */
interface Espeak {
  readonly eSpeakNGWorker: new () => {
    readonly samplerate: number;
    rate: number;
    pitch: number;
    set_voice(name: string): number;
    synthesize(text: string, heard: (samples: Int16Array | null) => boolean): void;
  };
}

await answerRequests(async () => {
  const { default: load } = await import(pathToFileURL(process.argv[2] ?? '').href);
  const espeak: Espeak = await load();
  const worker = new espeak.eSpeakNGWorker();
  return (request) => {
    const { markup, voice, rate, pitch } = request as EspeakRequest;
    // A voice that is not there leaves the one before it in place: somebody would hear the wrong language.
    if (worker.set_voice(voice) !== 0) throw new Error(`espeak-ng has no voice ${voice}`);
    worker.rate = rate;
    worker.pitch = pitch;
    const parts: Int16Array[] = [];
    let length = 0;
    worker.synthesize(markup, (samples) => {
      if (samples) {
        parts.push(samples);
        length += samples.length;
      }
      return length > MAX_SPOKEN_SECONDS * worker.samplerate;
    });
    if (length > MAX_SPOKEN_SECONDS * worker.samplerate) throw new Error('it takes too long to say');
    return { samples: joined(parts, length), rate: worker.samplerate };
  };
});

function joined(parts: readonly Int16Array[], length: number): Int16Array {
  const samples = new Int16Array(length);
  let at = 0;
  for (const part of parts) {
    samples.set(part, at);
    at += part.length;
  }
  return samples;
}
