import type { Clip } from '../../audio/clip.ts';
import type { MediaEvent, MediaPool, MediaSession, Remote } from '../rtp/media.ts';

/** The sound of one call, as a test sees it. */
export interface ScriptedSession extends MediaSession {
  readonly family: 4 | 6;
  /** What was done to it, in order. */
  readonly done: readonly string[];
  /** Where it sends to; null: nowhere yet. */
  readonly remote: Remote | null;
  /** Something comes from the far end, or was played. */
  event(event: MediaEvent): void;
}

/** For tests: sessions that play nothing. */
export function scriptedMedia() {
  const sessions: ScriptedSession[] = [];
  let full = false;
  const pool: MediaPool = {
    async open({ family, onEvent }) {
      if (full) throw new Error('no port');
      const session = open(family, 4_000 + 2 * sessions.length, onEvent);
      sessions.push(session);
      return session;
    },
  };
  return {
    pool,
    sessions,
    /** No more ports. */
    fill: () => {
      full = true;
    },
  };
}

function open(family: 4 | 6, port: number, onEvent: (event: MediaEvent) => void): ScriptedSession {
  const done: string[] = [];
  let remote: Remote | null = null;
  let closed = false;
  const act = (what: string) => {
    if (!closed) done.push(what);
  };
  return {
    ...{ family, port, done },
    get remote() {
      return remote;
    },
    start(at: Remote) {
      remote = at;
      act('start');
    },
    update(at: Remote) {
      remote = at;
      act('update');
    },
    play: (clips: readonly Clip[]) => act(`play ${clips.map(({ key }) => key).join(' ')}`),
    close() {
      act('close');
      closed = true;
    },
    event(event: MediaEvent) {
      if (!closed) onEvent(event);
    },
  };
}
