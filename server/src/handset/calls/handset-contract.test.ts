import { idSource } from '../../values/id.ts';
import { ManualClock } from '../../values/manual-clock.ts';
import { systemRandom } from '../../values/random.ts';
import { type EngineRig, engineContract } from '../../voice/calls/engine-contract.ts';
import { callOf } from './call-record.ts';
import { handsetCallEngine } from './handset-call-engine.ts';
import type { LiveCall } from './live-call.ts';

async function open(): Promise<EngineRig> {
  const clock = new ManualClock();
  const calls = new Set<LiveCall>();
  const watch = (call: LiveCall) => void calls.add(call);
  const engine = handsetCallEngine({ clock, ids: idSource(clock, systemRandom()), watch, trouble: () => null });
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  function last(): LiveCall {
    const call = [...calls].at(-1);
    if (call === undefined) throw new Error('No call has reached the phone.');
    return call;
  }
  const shown = () => callOf(last().id, last().record, clock.now(), false);

  return {
    engine,
    phone: {
      answer: () => void last().act({ kind: 'answer' }),
      reject: () => void last().act({ kind: 'reject' }),
      press: (digits) => void last().act({ kind: 'keys', digits }),
      hangUp: () => void last().act({ kind: 'hang_up' }),
      wasLeft: () => shown().state === 'ended',
      shows: () => shown().from,
    },
    async pass(ms) {
      await turn();
      clock.advance(ms);
      await turn();
    },
    close: () => engine.close(0),
  };
}

engineContract('the sandbox phone', open);
