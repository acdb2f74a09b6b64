import type { Message } from '../api.ts';
import type { Call } from '../calls/calls-api.ts';

/** Something that reached the sandbox phone. */
export type Entry =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'call'; readonly call: Call };

const SHOWN = 200;
const STATES: readonly Call['state'][] = ['ringing', 'answered', 'ended'];

/** What is shown, newest first, with `more` in it: each entry once, however it came. Calls under way are kept whatever comes after them. */
export function merge(shown: readonly Entry[], more: readonly Entry[]): readonly Entry[] {
  const byId = new Map(shown.map((entry) => [idOf(entry), entry]));
  for (const entry of more) {
    const id = idOf(entry);
    if (!isStale(entry, byId.get(id))) byId.set(id, entry);
  }
  return [...byId.values()]
    .sort((a, b) => (order(a) < order(b) ? 1 : -1))
    .filter((entry, i) => i < SHOWN || isUnderWay(entry));
}

export function isUnderWay(entry: Entry): boolean {
  return entry.kind === 'call' && entry.call.state !== 'ended';
}

export function callsUnderWay(entries: readonly Entry[]): readonly Call[] {
  return entries.flatMap((entry) => (entry.kind === 'call' && isUnderWay(entry) ? [entry.call] : []));
}

export function numberOf(entry: Entry): string {
  return entry.kind === 'call' ? entry.call.to : entry.message.to;
}

export function idOf(entry: Entry): string {
  return entry.kind === 'call' ? entry.call.id : entry.message.id;
}

/** Past `msg_` and `call_` ids sort by time, whatever they are of. */
function order(entry: Entry): string {
  return idOf(entry).replace(/^\w+_/, '');
}

/** An answer that was overtaken on its way: a call never goes back. */
function isStale(entry: Entry, known: Entry | undefined): boolean {
  if (entry.kind !== 'call' || known?.kind !== 'call') return false;
  return STATES.indexOf(entry.call.state) < STATES.indexOf(known.call.state);
}
