import { silentLog } from '../../../observe/log.ts';
import { seededRandom } from '../../../values/seeded-random.ts';
import { BUSY, type EngineRig, engineContract } from '../engine-contract.ts';
import { scriptedPhone } from './scripted-phone.ts';
import { stackPair } from './stack-example.ts';
import { timedMedia } from './timed-media.ts';
import type { Target } from './transport/target.ts';
import { trunkConfig } from './trunk-config-example.ts';
import { trunkEngine } from './trunk-engine.ts';

/** A trunk that is a phone, both on real stacks, with a network of the test's between them. */
async function open(transport: Target['transport']): Promise<EngineRig> {
  const { us, them, clock, toThere, sent } = stackPair({ transport });
  const phone = scriptedPhone(them, toThere.address, (to) => to === BUSY);
  const engine = trunkEngine({
    ...{ name: 'acme', stack: us, media: timedMedia(clock), clock, random: seededRandom(3), log: silentLog },
    config: trunkConfig({ host: toThere.address, port: toThere.port, transport }),
    resolver: { srv: async () => [], addresses: async () => [] },
  });
  const last = () => {
    const call = phone.calls.at(-1);
    if (call === undefined) throw new Error('No call has reached the phone.');
    return call;
  };

  /** Each message is a millisecond on its way, and waits for promises of both sides. */
  async function arrive(ms: number): Promise<void> {
    for (let i = 0; i < ms; i++) {
      await new Promise((resolve) => setImmediate(resolve));
      clock.advance(1);
    }
  }

  return {
    engine,
    phone: {
      answer: () => last().answer(),
      reject: () => last().refuse(603),
      press: (key) => last().press(key),
      hangUp: () => last().hangUp(),
      wasLeft: () => last().left || sent.some((line) => line.startsWith('CANCEL')),
      shows: () => last().from,
    },
    async pass(ms) {
      await arrive(20);
      clock.advance(ms - 40);
      await arrive(20);
    },
    async close() {
      await us.close();
      await them.close();
    },
  };
}

engineContract('a trunk over UDP', () => open('udp'));
engineContract('a trunk over TCP', () => open('tcp'));
