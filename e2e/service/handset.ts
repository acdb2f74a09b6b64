import { call } from './api.ts';
import { eventually } from './eventually.ts';

/** A call as the sandbox phone shows it. */
export interface HandsetCallJson {
  readonly id: string;
  readonly to: string;
  readonly from: string | null;
  readonly state: 'ringing' | 'answered' | 'ended';
  readonly transcript: string;
  readonly keys: string;
  readonly outcome: string | null;
  readonly sip_status: number | null;
  readonly reason: string | null;
}

/** The sandbox phone at one number, and its only call. */
export interface Handset {
  /** The call as it is, once `good` says yes. */
  call(good?: (call: HandsetCallJson) => boolean): Promise<HandsetCallJson>;
  /** Does it; gives the HTTP status. */
  act(act: 'answer' | 'reject' | 'hangup' | 'keys', body?: object): Promise<number>;
  /** What was heard so far, as a WAV file. */
  audio(): Promise<Uint8Array>;
}

/** @param to E.164 with `+` */
export function handsetAt(url: string, key: string, to: string): Handset {
  const calls = `${url}/v1/handset/calls`;

  async function ask(good: (call: HandsetCallJson) => boolean): Promise<HandsetCallJson> {
    const list = `${calls}?to=${encodeURIComponent(to)}`;
    const first = async () => (await call<{ data: HandsetCallJson[] }>('GET', list, { key })).body.data[0];
    const found = await eventually(first, (shown) => shown !== undefined && good(shown), 40_000);
    if (found === undefined) throw new Error('no call');
    return found;
  }

  return {
    call: (good = () => true) => ask(good),
    async act(act, body) {
      const { id } = await ask(() => true);
      return (await call('POST', `${calls}/${id}/${act}`, { key, ...(body !== undefined && { body }) })).status;
    },
    async audio() {
      const { id } = await ask(() => true);
      const response = await fetch(`${calls}/${id}/audio.wav`, { headers: { authorization: `Bearer ${key}` } });
      if (response.status !== 200) throw new Error(`no audio: ${response.status}`);
      return new Uint8Array(await response.arrayBuffer());
    },
  };
}
