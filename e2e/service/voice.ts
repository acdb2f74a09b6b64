import { call } from './api.ts';

/** What CM's dialect answers for one callee. */
export interface QueuedCall {
  readonly type: 'call-queued';
  readonly 'call-id': string;
  readonly 'instruction-id'?: string;
  readonly caller: string;
  readonly callee: string;
  readonly success: boolean;
  readonly error?: string;
}

/** A call's record, as `/v1/calls` shows it. */
export interface CallJson {
  readonly id: string;
  readonly to: string | null;
  readonly state: string;
  readonly reason: string | null;
  readonly outcome: string | null;
  readonly sip_status: number | null;
  readonly sip_reason: string;
  readonly q850_cause: number | null;
  readonly trunk: string | null;
  readonly replays: number;
  /** How long it speaks when nobody presses a key. */
  readonly spoken_seconds: number;
  readonly duration_seconds: number;
  readonly credits: number;
  readonly ringing_at: string | null;
  readonly answered_at: string | null;
  readonly ended_at: string | null;
}

/** One OTP instruction through CM's dialect. */
export function instruct<Body = QueuedCall>(url: string, productToken: string, instruction: object) {
  return call<Body>('POST', `${url}/voiceapi/v2/OTP`, {
    headers: { 'x-cm-producttoken': productToken },
    body: { caller: '+9779801000000', ...instruction },
  });
}

/** One voice call through the TingTing dialect. */
export function callBy(url: string, key: string, number: string, message = 'Your code is {otp}', more: object = {}) {
  const body = { number, message, sms_send_options: 'voice', voice_input: 'np_rija', ...more };
  return call<{ data: { details?: { otp: string; length_factor: number } } }>('POST', `${url}/api/v1/auths/send/otp/`, {
    key,
    body,
  });
}

/** The record of a call by the id that CM's dialect answered. */
export async function recordOf(url: string, key: string, callId: string): Promise<CallJson> {
  const { status, body } = await call<CallJson>('GET', `${url}/v1/calls/call_${callId}`, { key });
  if (status !== 200) throw new Error(`no record: ${status} ${JSON.stringify(body)}`);
  return body;
}
