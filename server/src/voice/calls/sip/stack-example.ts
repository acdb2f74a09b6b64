import { silentLog } from '../../../observe/log.ts';
import { ManualClock } from '../../../values/manual-clock.ts';
import { seededRandom } from '../../../values/seeded-random.ts';
import { sipHeaders } from './message/sip-headers.ts';
import { NO_BODY, type SipRequest, type SipResponse } from './message/sip-message.ts';
import { type ResponseListener, sipStackOver } from './stack.ts';
import { type MemoryNetworkOptions, memoryNetworks } from './transport/memory-network.ts';

/** A request of ours as a test wants it; each has a Call-ID of its own by `id`. */
export function exampleRequest(
  method: string,
  id = 'one',
  over: readonly (readonly [string, string])[] = [],
): SipRequest {
  let headers = sipHeaders([
    ['From', '<sip:us@192.0.2.1>;tag=us'],
    ['To', method === 'BYE' || method === 'INFO' ? '<sip:them@192.0.2.2>;tag=them' : '<sip:them@192.0.2.2>'],
    ['Call-ID', id],
    ['CSeq', `1 ${method}`],
    ['Contact', '<sip:us@192.0.2.1>'],
  ]);
  for (const [name, value] of over) headers = headers.with(name, value);
  return { kind: 'request', method, uri: 'sip:them@192.0.2.2', headers, body: NO_BODY };
}

/** Writes down what a client transaction tells. */
export function heardAnswers(): ResponseListener & { readonly told: string[]; readonly responses: SipResponse[] } {
  const told: string[] = [];
  const responses: SipResponse[] = [];
  return {
    told,
    responses,
    response(response) {
      told.push(String(response.status));
      responses.push(response);
    },
    lost: (why) => void told.push(why),
  };
}

/** Two stacks with a network between them that does what the test says. */
export function stackPair(options: Partial<MemoryNetworkOptions> = {}) {
  const clock = new ManualClock();
  const pair = memoryNetworks({ clock, transport: 'udp', ...options });
  const us = sipStackOver(pair.here, { clock, random: seededRandom(1), log: silentLog });
  const them = sipStackOver(pair.there, { clock, random: seededRandom(2), log: silentLog, supported: ['timer'] });
  /** Lets promises of local addresses through, then time. */
  async function pass(ms: number): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(ms);
  }
  return { clock, us, them, pass, ...pair };
}
