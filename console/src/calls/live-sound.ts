import { getSound, SAMPLE_RATE } from './calls-api.ts';

const EVERY_MS = 1_000;
/** Between its coming and its playing, seconds: bridges what the network takes at one time more than at another. */
const LEAD = 0.3;
/** Of what went before, samples: who comes late begins here. */
const PAST = SAMPLE_RATE / 2;

/** A call being listened to while it goes on. */
export interface LiveSound {
  /** The call has ended: plays the rest of it, then stops by itself. */
  finish(): void;
  stop(): void;
}

/** Plays what the callee hears, a second late. To be called from a click: browsers keep pages silent that nobody has touched. */
export function liveSound(callId: string): LiveSound {
  // At the rate of the call itself: pieces then join without a click.
  const speaker = new AudioContext({ sampleRate: SAMPLE_RATE });
  let fetched = 0;
  let begun = false;
  /** When all that has come will have been played, on the speaker's clock. */
  let until = 0;
  let state: 'on' | 'finishing' | 'off' = 'on';
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function listen(): Promise<void> {
    const last = state === 'finishing';
    try {
      const samples = await getSound(callId, fetched);
      if (state !== 'off') play(begun ? samples : samples.subarray(-PAST));
      begun = true;
      fetched += samples.length;
    } catch {
      // What did not come now comes with the next piece.
    }
    if (state === 'off') return;
    if (last) timer = setTimeout(stop, (until - speaker.currentTime) * 1000);
    else timer = setTimeout(listen, state === 'finishing' ? 0 : EVERY_MS);
  }

  function play(samples: Int16Array): void {
    if (samples.length === 0) return;
    const piece = speaker.createBuffer(1, samples.length, SAMPLE_RATE);
    piece.copyToChannel(
      Float32Array.from(samples, (sample) => sample / 32_768),
      0,
    );
    const source = speaker.createBufferSource();
    source.buffer = piece;
    source.connect(speaker.destination);
    const at = until > speaker.currentTime ? until : speaker.currentTime + LEAD;
    source.start(at);
    until = at + piece.duration;
  }

  function stop(): void {
    if (state === 'off') return;
    state = 'off';
    clearTimeout(timer);
    void speaker.close();
  }

  void listen();
  return {
    finish() {
      if (state === 'on') state = 'finishing';
    },
    stop,
  };
}
