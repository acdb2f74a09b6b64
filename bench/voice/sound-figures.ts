import type { RtpCapture, RtpStream } from '../../e2e/peers/rtp-report.ts';
import type { Figures } from '../measure/figures.ts';
import { percentile } from '../measure/statistics.ts';

const FRAME_MS = 20;

/** What a recording of both directions says of the sound. @param own the ports of the service */
export async function soundFigures(
  sound: Pick<RtpCapture, 'streams' | 'gaps'>,
  own: { readonly first: number; readonly last: number },
): Promise<Partial<Figures>> {
  const streams = await sound.streams();
  const sent = streams.filter(({ fromPort }) => fromPort >= own.first && fromPort <= own.last);
  const echoed = streams.filter((stream) => !sent.includes(stream));
  const deviations = (await sound.gaps()).map((gap) => Math.abs(gap - FRAME_MS));
  return {
    rtpPackets: sent.reduce((sum, { packets }) => sum + packets, 0),
    rtpLost: lostOf(sent),
    rtpNotEchoed: lostOf(echoed),
    jitterP99: percentile(
      sent.map(({ meanJitter }) => meanJitter),
      0.99,
    ),
    gapP99: percentile(deviations, 0.99),
  };
}

/** tshark's count is below zero where a number came twice: then something went wrong as well. */
function lostOf(streams: readonly RtpStream[]): number {
  return streams.reduce((sum, { lost }) => sum + Math.abs(lost), 0);
}
