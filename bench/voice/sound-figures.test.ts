import { expect, it } from 'vitest';
import type { RtpStream } from '../../e2e/peers/rtp-report.ts';
import { soundFigures } from './sound-figures.ts';

const OWN = { first: 12_000, last: 12_010 };

function stream(over: Partial<RtpStream>): RtpStream {
  return {
    ...{ from: '127.0.0.1', fromPort: 12_000, to: '127.0.0.1', toPort: 30_000, ssrc: '0x01', payload: 'g711A' },
    ...{ packets: 100, lost: 0, maxDelta: 20, meanJitter: 0.1, maxJitter: 0.2, ...over },
  };
}

it('tells what the service sent from what came back', async () => {
  const back = { fromPort: 30_000, toPort: 12_000, packets: 90, lost: 10, meanJitter: 9 };
  const streams = [stream({}), stream({ fromPort: 12_010, lost: -2, meanJitter: 0.4 }), stream(back)];
  const sound = { streams: async () => streams, gaps: async () => [20, 20.5, 18, 20] };
  expect(await soundFigures(sound, OWN)).toEqual({
    ...{ rtpPackets: 200, rtpLost: 2, rtpNotEchoed: 10, jitterP99: 0.4, gapP99: 2 },
  });
});
