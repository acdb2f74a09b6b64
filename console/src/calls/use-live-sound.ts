import { useCallback, useEffect, useRef, useState } from 'react';
import type { Call } from './calls-api.ts';
import { type LiveSound, liveSound } from './live-sound.ts';

/** Which call under way is being listened to: one at a time, as with one ear. */
export interface Ear {
  /** Null: none. */
  readonly at: string | null;
  listen(callId: string): void;
  mute(): void;
}

export function useLiveSound(underWay: readonly Call[]): Ear {
  const [at, setAt] = useState<string | null>(null);
  const sound = useRef<LiveSound | null>(null);

  const mute = useCallback(() => {
    sound.current?.stop();
    sound.current = null;
    setAt(null);
  }, []);

  const listen = useCallback((callId: string) => {
    sound.current?.stop();
    sound.current = liveSound(callId);
    setAt(callId);
  }, []);

  const over = at !== null && !underWay.some((call) => call.id === at);
  useEffect(() => {
    if (!over) return;
    sound.current?.finish();
    sound.current = null;
    setAt(null);
  }, [over]);

  useEffect(() => () => sound.current?.stop(), []);

  return { at, listen, mute };
}
