import { type TSchema, Type } from '@sinclair/typebox';
import { byteRange } from './byte-range.ts';

const ranges: TSchema = Type.Literal('bytes');
const range = (example: string) => Type.String({ description: 'RFC 9110 §14.4.', examples: [example] });

/** What `wavAnswer` answers. */
export const wavAnswers = {
  200: { description: 'The whole of it.', type: 'audio/wav', headers: { 'accept-ranges': ranges } },
  206: {
    description: 'The part that `Range` asks for.',
    type: 'audio/wav',
    headers: { 'accept-ranges': ranges, 'content-range': range('bytes 0-1023/48044') },
  },
  416: {
    description: 'It has no such part, or not yet.',
    headers: { 'accept-ranges': ranges, 'content-range': range('bytes */48044') },
  },
} as const;

/** Players move about in a file by ranges, and Safari plays none that has none; who listens along asks for what is new. */
export function wavAnswer(wav: Uint8Array, range: string | undefined) {
  // It grows while the call goes on, and a code can be heard in it.
  const headers = { 'cache-control': 'no-store', 'accept-ranges': 'bytes' };
  const asked = byteRange(range, wav.length);
  if (asked === 'whole') return { status: 200, body: wav, headers } as const;
  if (asked === 'none') {
    return { status: 416, headers: { ...headers, 'content-range': `bytes */${wav.length}` } } as const;
  }
  const { start, end } = asked;
  return {
    status: 206,
    body: wav.subarray(start, end),
    headers: { ...headers, 'content-range': `bytes ${start}-${end - 1}/${wav.length}` },
  } as const;
}
