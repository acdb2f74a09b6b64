import { silentLog } from '../../../observe/log.ts';
import { ManualClock } from '../../../values/manual-clock.ts';
import { seededRandom } from '../../../values/seeded-random.ts';
import type { CallEnd, CallEvent, CallPlan } from '../call-engine.ts';
import { type ScriptedSession, scriptedMedia } from './scripted-media.ts';
import { ScriptedStack, type Sent } from './scripted-stack.ts';
import type { Resolver } from './targets/resolver.ts';
import { trunkConfig } from './trunk-config-example.ts';
import { trunkEngine } from './trunk-engine.ts';

/** What a far end answers that takes the call, with A-law and keys. */
export const FAR_SDP = [
  'v=0',
  'o=- 1 1 IN IP4 198.51.100.9',
  's=-',
  'c=IN IP4 198.51.100.9',
  't=0 0',
  'm=audio 6000 RTP/AVP 8 101',
  'a=rtpmap:101 telephone-event/8000',
  '',
].join('\r\n');

export function callPlan(over: Partial<CallPlan> = {}): CallPlan {
  const base = { id: 'd1', accountId: 'a1', to: '+9779851023212', from: '+97714567890', anonymous: false };
  return { ...base, ringMs: 30_000, talkMs: 60_000, ...over };
}

/** Nothing has a service record; a name has the address that it is given here. */
function zone(names: Readonly<Record<string, readonly string[]>>): Resolver {
  return { srv: async () => [], addresses: async (host) => names[host] ?? [] };
}

/** For tests: a trunk, its far end, and the calls that are placed. */
export function trunkRig(json: object = {}, names: Readonly<Record<string, readonly string[]>> = {}) {
  const clock = new ManualClock();
  const stack = new ScriptedStack();
  const media = scriptedMedia();
  const engine = trunkEngine({
    ...{ name: 'acme', config: trunkConfig({ host: '192.0.2.1', ...json }), stack, media: media.pool },
    ...{ resolver: zone(names), clock, random: seededRandom(7), log: silentLog },
  });

  function place(over: Partial<CallPlan> = {}, signal = new AbortController().signal) {
    const events: CallEvent[] = [];
    const { promise: ended, resolve } = Promise.withResolvers<CallEnd>();
    const waiting: { readonly kind: CallEvent['kind']; readonly resolve: () => void }[] = [];
    const call = engine.place(
      callPlan(over),
      (event) => {
        events.push(event);
        for (const one of waiting) if (one.kind === event.kind) one.resolve();
        if (event.kind === 'ended') resolve(event.end);
      },
      signal,
    );
    return {
      ...{ call, events, ended },
      kinds: () => events.map(({ kind }) => kind),
      /** Resolves with the first event of that kind. */
      heard: (kind: CallEvent['kind']) =>
        new Promise<void>((done) => {
          if (events.some((event) => event.kind === kind)) done();
          else waiting.push({ kind, resolve: done });
        }),
    };
  }

  /** A call that was answered. */
  async function talking(over: Partial<CallPlan> = {}, answer: Parameters<Sent['answer']>[1] = {}) {
    const placed = place(over);
    const invite = await stack.next('INVITE');
    invite.answer(200, { body: FAR_SDP, ...answer });
    await placed.heard('answered');
    const ack = await stack.next('ACK');
    return { ...placed, invite, ack, sound: soundOf(media.sessions) };
  }

  return { clock, stack, media, engine, place, talking };
}

function soundOf(sessions: readonly ScriptedSession[]): ScriptedSession {
  const session = sessions.at(-1);
  if (session === undefined) throw new Error('no session was opened');
  return session;
}
