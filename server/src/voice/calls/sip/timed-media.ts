import type { Clock, Timer } from '../../../values/clock.ts';
import { type Clip, clipMs } from '../../audio/clip.ts';
import type { MediaPool } from '../rtp/media.ts';

/** For tests: sound that takes its time, and is heard by nobody. */
export function timedMedia(clock: Clock): MediaPool {
  let port = 4_000;
  return {
    async open({ onEvent }) {
      let playing: Timer | undefined;
      port += 2;
      return {
        port,
        start() {},
        update() {},
        play(clips: readonly Clip[]) {
          playing?.cancel();
          const ms = clips.reduce((sum, clip) => sum + clipMs(clip), 0);
          playing = clips.length === 0 ? undefined : clock.after(ms, () => onEvent({ kind: 'played' }));
        },
        close: () => playing?.cancel(),
      };
    },
  };
}
