import { useEffect, useState } from 'react';
import { getMessages, type Message, openEvents } from '../api.ts';
import { merge } from './merge.ts';

const RECONNECT_MS = 2_000;

export type Line = 'connecting' | 'live' | 'broken';

/** The account's messages, newest first, kept up to date by server-sent events. */
export function useInbox(onEnded: () => Promise<void>) {
  const [messages, setMessages] = useState<readonly Message[] | null>(null);
  const [line, setLine] = useState<Line>('connecting');

  useEffect(() => {
    let events: EventSource;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const add = (more: readonly Message[]) => setMessages((shown) => merge(shown ?? [], more));

    function connect() {
      events = openEvents();
      // The list is read once the stream stands, so that nothing falls between the two.
      events.onopen = async () => {
        setLine('live');
        try {
          add(await getMessages());
        } catch {
          await onEnded();
        }
      };
      events.addEventListener('message', (event) => add([JSON.parse(event.data) as Message]));
      events.onerror = () => {
        setLine('broken');
        // A browser reconnects by itself after a break, but not after a refusal.
        if (events.readyState !== EventSource.CLOSED) return;
        void onEnded();
        timer = setTimeout(connect, RECONNECT_MS);
      };
    }

    connect();
    return () => {
      clearTimeout(timer);
      events.close();
    };
  }, [onEnded]);

  return { messages, line };
}
