import { useEffect } from 'react';
import { type Call, getCalls } from './calls-api.ts';

const EVERY_MS = 700;
const MOST = 100;

/**
 * Asks for the newest `count` calls again and again while `count` is not 0: words are said, and calls of a server that stopped end,
 * without an event of their own.
 */
export function useCallsUnderWay(count: number, add: (calls: readonly Call[]) => void): void {
  useEffect(() => {
    if (count === 0) return;
    let timer: ReturnType<typeof setTimeout>;
    let left = false;

    async function look() {
      try {
        const calls = document.hidden ? [] : await getCalls(Math.min(count, MOST));
        if (!left) add(calls);
      } catch {
        // The stream of events tells when the line is broken.
      }
      if (!left) timer = setTimeout(look, EVERY_MS);
    }

    timer = setTimeout(look, EVERY_MS);
    return () => {
      left = true;
      clearTimeout(timer);
    };
  }, [count, add]);
}
