// The speech child of Piper models: a native library that may crash, and takes the memory of its models along when it ends.
import { pathToFileURL } from 'node:url';
import { toInt16 } from '../../audio/resample.ts';
import type { PiperModel } from '../piper-model.ts';
import { answerRequests } from './answer-requests.ts';
import { MAX_SPOKEN_SECONDS } from './messages.ts';

/** What a Piper model is asked to say. */
export interface PiperRequest {
  readonly text: string;
  readonly model: PiperModel;
}

/** The part of sherpa-onnx-node that is used; it comes without types. */
interface Sherpa {
  readonly OfflineTts: new (
    config: object,
  ) => {
    generate(request: object): { readonly samples: Float32Array; readonly sampleRate: number };
  };
}

await answerRequests(async () => {
  const { default: sherpa }: { default: Sherpa } = await import(pathToFileURL(process.argv[2] ?? '').href);
  const loaded = new Map<string, InstanceType<Sherpa['OfflineTts']>>();

  function speaker({ model, tokens, dataDir }: PiperModel): InstanceType<Sherpa['OfflineTts']> {
    const known = loaded.get(model);
    if (known) return known;
    const fresh = new sherpa.OfflineTts({
      model: { vits: { model, tokens, dataDir }, numThreads: 1, debug: false, provider: 'cpu' },
      maxNumSentences: 1,
    });
    loaded.set(model, fresh);
    return fresh;
  }

  return (request) => {
    const { text, model } = request as PiperRequest;
    const { samples, sampleRate } = speaker(model).generate({ text, sid: 0, speed: 1, enableExternalBuffer: false });
    if (samples.length > MAX_SPOKEN_SECONDS * sampleRate) throw new Error('it takes too long to say');
    return { samples: toInt16(samples), rate: sampleRate };
  };
});
