import type { Message } from '../api.ts';

const SHOWN = 200;

/** What is shown, newest first, with `more` in it: each message once, however it came. Ids sort by time. */
export function merge(shown: readonly Message[], more: readonly Message[]): readonly Message[] {
  const byId = new Map([...shown, ...more].map((message) => [message.id, message]));
  return [...byId.values()].sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, SHOWN);
}
