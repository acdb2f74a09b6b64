import { useCallback, useEffect, useState } from 'react';
import { getMessages, type Message, openEvents } from '../api.ts';
import { type Call, getCalls } from '../calls/calls-api.ts';
import { useCallsUnderWay } from '../calls/use-calls-under-way.ts';
import { type Entry, isUnderWay, merge } from './timeline.ts';

const RECONNECT_MS = 2_000;
const READ = 100;

export type Line = 'connecting' | 'live' | 'broken';

/** What reached the account's sandbox phone, newest first, kept up to date by server-sent events. */
export function usePhone(onEnded: () => Promise<void>) {
  const [entries, setEntries] = useState<readonly Entry[] | null>(null);
  const [line, setLine] = useState<Line>('connecting');

  const add = useCallback((more: readonly Entry[]) => setEntries((shown) => merge(shown ?? [], more)), []);
  const addCalls = useCallback((calls: readonly Call[]) => add(calls.map(callEntry)), [add]);

  useEffect(() => {
    let events: EventSource;
    let timer: ReturnType<typeof setTimeout> | undefined;

    function connect() {
      events = openEvents();
      // The lists are read once the stream stands, so that nothing falls between the two.
      events.onopen = async () => {
        setLine('live');
        try {
          const [messages, calls] = await Promise.all([getMessages(), getCalls(READ)]);
          add([...messages.map(messageEntry), ...calls.map(callEntry)]);
        } catch {
          await onEnded();
        }
      };
      events.addEventListener('message', (event) => add([messageEntry(JSON.parse(event.data) as Message)]));
      events.addEventListener('call', (event) => add([callEntry(JSON.parse(event.data) as Call)]));
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
  }, [onEnded, add]);

  // As many as it takes to reach the oldest that is under way.
  const calls = (entries ?? []).filter((entry) => entry.kind === 'call');
  useCallsUnderWay(calls.findLastIndex(isUnderWay) + 1, addCalls);

  return { entries, line, addCalls };
}

function messageEntry(message: Message): Entry {
  return { kind: 'message', message };
}

function callEntry(call: Call): Entry {
  return { kind: 'call', call };
}
