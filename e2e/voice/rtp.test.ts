import { describe, expect } from 'vitest';
import { findVoice } from '../../server/src/voice/voices.ts';
import { freePorts } from '../peers/free-port.ts';
import { need } from '../peers/need.ts';
import { listen } from './hearing.ts';
import { CALLEE } from './line.ts';
import { testWithLine } from './with-line.ts';

/** The sound of a call on the wire, as tshark judges it. */

const PORTS = 20;
const LAWS = [
  { law: 'A-law', codec: 'pcma', payload: 'g711A', first: await freePorts(PORTS) },
  { law: 'µ-law', codec: 'pcmu', payload: 'g711U', first: await freePorts(PORTS) },
] as const;
const CODE = '4829175';
/** Packets from the last sound to the end of the call, and while it is answered: a fifth of a second. */
const AROUND = 10;

describe.runIf(need('baresip', 'tshark', 'openssl')).concurrent('the sound of a call', () => {
  for (const { law, codec, payload, first } of LAWS) {
    const last = first + PORTS - 1;
    const test = testWithLine({ PASSBELL_RTP_PORTS: `${first}-${last}` });

    test(`arrives whole in ${law}`, async ({ line, peers }) => {
      const bob = await peers.baresip({ user: CALLEE, codec });
      const recording = await peers.capture(first, last);
      await line.trunk({ port: bob.port });
      const { record } = await line.call({ code: CODE });
      const [sound = expect.fail()] = await bob.heard();
      await recording.stop();
      const streams = await recording.streams();
      expect(streams).toHaveLength(2);
      const { packets, lost, ...sent } = streams.find(({ toPort }) => toPort < first || toPort > last) ?? expect.fail();
      expect([sent.payload, lost]).toEqual([payload, 0]);
      // One each 20 ms.
      const spoken = record.spoken_seconds * 50;
      expect(packets).toBeGreaterThanOrEqual(Math.floor(spoken));
      expect(packets).toBeLessThan(spoken + AROUND);
      console.log(
        `${law}: ${packets} packets, ${lost} lost; jitter ${sent.meanJitter} ms on average, ${sent.maxJitter} ms at most`,
      );
      await listen(line.data, (ear) => ear.hears(sound, CODE, findVoice({}).voice));
    });
  }
});
