import { ask, post } from '../api.ts';

/** A call of the sandbox phone. */
export interface Call {
  readonly id: string;
  readonly to: string;
  readonly from: string | null;
  readonly anonymous: boolean;
  readonly state: 'ringing' | 'answered' | 'ended';
  /** What has been said so far; a code character by character. */
  readonly transcript: string;
  readonly started_at: string;
  readonly answered_at: string | null;
  readonly ended_at: string | null;
  readonly keys: string;
  readonly outcome: 'completed' | 'cancelled' | 'rejected' | 'failed' | null;
  readonly sip_status: number | null;
  readonly reason: string | null;
}

/** What a callee does; keys are pressed apart. */
export type Act = 'answer' | 'reject' | 'hangup';

/** Newest first. @param limit 1–100 */
export async function getCalls(limit: number): Promise<readonly Call[]> {
  return ((await (await ask(`calls?limit=${limit}`)).json()) as { data: readonly Call[] }).data;
}

/** Does it, and resolves to the call as it is then. */
export async function act(callId: string, what: Act): Promise<Call> {
  return (await (await post(`calls/${callId}/${what}`)).json()) as Call;
}

export async function pressKeys(callId: string, digits: string): Promise<Call> {
  return (await (await post(`calls/${callId}/keys`, { digits })).json()) as Call;
}

/** Where a call can be heard: a WAV file of 16 bit, mono, 8 kHz. */
export function soundUrl(callId: string): string {
  return `/console/api/calls/${callId}/audio.wav`;
}

/** The samples per second of what a call sounds like. */
export const SAMPLE_RATE = 8_000;
const HEADER = 44;
const SAMPLE = 2;

/** What was heard of a call after its first `from` samples, up to now. */
export async function getSound(callId: string, from: number): Promise<Int16Array<ArrayBuffer>> {
  // One sample is asked for twice: a range that is empty would be refused.
  const start = HEADER + (from - 1) * SAMPLE;
  const answer = await ask(`calls/${callId}/audio.wav`, { headers: { range: `bytes=${start}-` } });
  const octets = await answer.arrayBuffer();
  // A proxy may answer with all of it.
  const before = answer.status === 206 ? SAMPLE : HEADER + from * SAMPLE;
  return new Int16Array(octets.slice(before, octets.byteLength - (octets.byteLength % SAMPLE)));
}
