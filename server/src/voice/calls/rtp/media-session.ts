import type { Clip, G711 } from '../../audio/clip.ts';
import type { MediaEvent, MediaSession, Remote } from './media.ts';
import type { MediaCommand } from './thread-messages.ts';

/** A session, and what its thread tells of it. */
export interface SessionOwner {
  readonly session: MediaSession;
  heard(event: MediaEvent): void;
  /** The end of the `turn`th `play` was sent. */
  played(turn: number): void;
}

/**
 * This thread's side of a session. Clips go over as views on shared memory, encoded once for all calls: a `play` of twenty of them is
 * a message of a few hundred octets.
 */
export function sessionOver({
  id,
  port,
  post,
  onEvent,
}: {
  readonly id: number;
  readonly port: number;
  post(command: MediaCommand): void;
  onEvent(event: MediaEvent): void;
}): SessionOwner {
  let codec: G711 | null = null;
  let clips: readonly Clip[] = [];
  let turn = 0;
  let ended = false;

  function remote(next: Remote): void {
    if (ended) return;
    const changed = next.codec !== codec;
    codec = next.codec;
    const playing = changed && clips.length > 0 ? { turn, clips: clips.map((clip) => clip.encoded(next.codec)) } : null;
    post({ kind: 'remote', id, remote: next, playing });
  }

  return {
    session: {
      port,
      start: remote,
      update: remote,
      play(next) {
        if (ended) return;
        clips = next;
        turn += 1;
        const chosen = codec;
        // Until the codec is known they wait here, and go with the remote.
        if (chosen !== null)
          post({ kind: 'play', id, playing: { turn, clips: next.map((clip) => clip.encoded(chosen)) } });
      },
      close() {
        if (ended) return;
        ended = true;
        clips = [];
        post({ kind: 'close', id });
      },
    },
    heard(event) {
      if (ended) return;
      if (event.kind === 'lost') ended = true;
      onEvent(event);
    },
    played(of) {
      if (ended || of !== turn) return;
      clips = [];
      onEvent({ kind: 'played' });
    },
  };
}
