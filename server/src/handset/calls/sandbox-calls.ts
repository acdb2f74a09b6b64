import { PassbellError } from '../../errors.ts';
import { decodeG711 } from '../../voice/audio/g711.ts';
import { writeWav } from '../../voice/audio/write-wav.ts';
import { type CallBookDeps, openCallBook } from './call-book.ts';
import { type Ask, openErrands, type Reply } from './errands.ts';
import { handsetCallEngine } from './handset-call-engine.ts';
import type { HandsetCall, HandsetCalls } from './handset-calls.ts';
import type { LiveCall } from './live-call.ts';
import { CODEC } from './recording.ts';
import { soundShelf } from './sound-shelf.ts';

/** `alone`: the store serves one process, so there is nobody to ask or to be asked by. */
export type HandsetCallsDeps = Omit<CallBookDeps, 'node'>;

/** Opens the calls of the sandbox phone. A call is held by the node that placed it, and shown and steered by all of them. */
export function openHandsetCalls(deps: HandsetCallsDeps): HandsetCalls {
  const { clock, ids, alone } = deps;
  const node = ids();
  const live = new Map<string, LiveCall>();
  const sounds = soundShelf(clock);
  const closing = new AbortController();
  const book = openCallBook({ ...deps, node });
  const engine = handsetCallEngine({ clock, ids, watch, trouble: () => book.trouble });
  const worthLooking = () => live.size > 0 || sounds.size > 0;
  const errands = openErrands({ ...deps, node, worthLooking, run: runHere });
  if (!alone) errands.start();

  function watch(call: LiveCall): void {
    const { answeredAt, endedAt } = call.record;
    if (endedAt === null) live.set(call.id, call);
    else if (live.delete(call.id) && answeredAt !== null) sounds.put(call.id, call.sound());
    book.save(call);
  }

  /** Does what is asked of a call that this node placed. */
  async function runHere(id: string, ask: Ask): Promise<Reply> {
    const call = live.get(id);
    if (ask.kind === 'audio') {
      const octets = call?.sound() ?? sounds.get(id);
      return octets === null ? { kind: 'gone' } : { kind: 'audio', octets: Buffer.from(octets).toString('base64') };
    }
    const reason = call === undefined ? ENDED : call.act(ask);
    if (call !== undefined) await book.saved(call);
    return reason === null ? { kind: 'done' } : { kind: 'refused', reason };
  }

  /** Null when the node that placed the call does not answer. */
  function run(accountId: string, id: string, owner: string, ask: Ask): Promise<Reply | null> {
    return owner === node ? runHere(id, ask) : errands.ask(accountId, id, owner, ask);
  }

  async function find(accountId: string, id: string) {
    const found = await book.find(accountId, id);
    if (found === null) throw new PassbellError('not_found', { what: 'call' });
    return found;
  }

  async function call(accountId: string, id: string): Promise<HandsetCall> {
    return (await find(accountId, id)).call;
  }

  const orClosing = (signal: AbortSignal) => AbortSignal.any([signal, closing.signal]);

  return {
    engine,
    calls: book.calls,
    call,
    next: (accountId, to, after, waitMs, signal) => book.next(accountId, to, after, waitMs, orClosing(signal)),
    lastChange: book.lastChange,
    nextChange: (accountId, after, waitMs, signal) => book.nextChange(accountId, after, waitMs, orClosing(signal)),

    async act(accountId, id, act) {
      const { node: owner, call: shown } = await find(accountId, id);
      if (shown.state === 'ended') throw refused(ENDED);
      const reply = await run(accountId, id, owner, act);
      if (reply === null) throw new PassbellError('unavailable', { reason: 'overloaded' });
      if (reply.kind === 'refused') throw refused(reply.reason);
      const mine = live.get(id);
      return mine === undefined ? call(accountId, id) : book.shown(mine);
    },

    async audio(accountId, id) {
      const { node: owner, call } = await find(accountId, id);
      if (call.answeredAt === null) return writeWav(new Int16Array());
      const elsewhere = owner !== node;
      const reply = elsewhere && alone ? null : await run(accountId, id, owner, { kind: 'audio' });
      if (reply?.kind === 'audio') return writeWav(decodeG711(Buffer.from(reply.octets, 'base64'), CODEC));
      if (reply === null && call.state !== 'ended') throw new PassbellError('unavailable', { reason: 'overloaded' });
      throw new PassbellError('not_found', { what: 'audio' });
    },

    async close() {
      closing.abort();
      // Who waits for deliveries to end has done so by now.
      await engine.close(0);
      errands.stop();
      await book.close();
      sounds.clear();
    },
  };
}

const ENDED = 'it_has_ended';

function refused(reason: string): PassbellError {
  return new PassbellError('conflict', { field: 'call', reason });
}
