import { Type } from '@sinclair/typebox';
import type { Caller } from '../../accounts/caller.ts';
import { PassbellError } from '../../errors.ts';
import type { CalleeAct, HandsetCalls } from '../../handset/calls/handset-calls.ts';
import { byteRange } from './byte-range.ts';
import type { Answer, Call, Handler } from './endpoint.ts';
import { callId, callJson, keysBody } from './handset-calls-wire.ts';
import { listQuery } from './handset-wire.ts';
import { reads } from './reads.ts';

/** Whose phone it is, however they showed it. */
type Owner = Pick<Caller, 'account'>;

/** What can be asked of the sandbox phone's calls, and done to them. */
export interface HandsetCallHandlers {
  readonly list: Handler<Owner>;
  readonly show: Handler<Owner>;
  readonly play: Handler<Owner>;
  readonly answer: Handler<Owner>;
  readonly reject: Handler<Owner>;
  readonly hangUp: Handler<Owner>;
  readonly keys: Handler<Owner>;
}

export function handsetCallHandlers(calls: HandsetCalls): HandsetCallHandlers {
  const act =
    (read: (body: unknown) => CalleeAct): Handler<Owner> =>
    async (request) => {
      const act = read(request.body);
      return { status: 200, body: callJson(await calls.act(request.who.account.id, idOf(request), act)) };
    };

  return {
    async list({ who: { account }, query }) {
      const { to, limit } = listQuery(query, account.country);
      return { status: 200, body: { data: (await calls.calls(account.id, to, limit)).map(callJson) } };
    },
    show: async (request) => ({
      status: 200,
      body: callJson(await calls.call(request.who.account.id, idOf(request))),
    }),
    play: async (request) =>
      wavAnswer(await calls.audio(request.who.account.id, idOf(request)), request.header('range')),
    answer: act(plainly('answer')),
    reject: act(plainly('reject')),
    hangUp: act(plainly('hang_up')),
    keys: act((body) => ({ kind: 'keys', digits: keysBody(body) })),
  };
}

/** Players move about in a file by ranges, and Safari plays none that has none; who listens along asks for what is new. */
function wavAnswer(wav: Uint8Array, range: string | undefined): Answer {
  // It grows while the call goes on, and a code can be heard in it.
  const headers = { 'content-type': 'audio/wav', 'cache-control': 'no-store', 'accept-ranges': 'bytes' };
  const asked = byteRange(range, wav.length);
  if (asked === 'whole') return { status: 200, body: wav, headers };
  if (asked === 'none') return { status: 416, headers: { ...headers, 'content-range': `bytes */${wav.length}` } };
  const { start, end } = asked;
  return {
    status: 206,
    body: wav.subarray(start, end),
    headers: { ...headers, 'content-range': `bytes ${start}-${end - 1}/${wav.length}` },
  };
}

const readNothing = reads(Type.Object({}, { additionalProperties: false, must: 'be absent, or an empty object' }));

function plainly(kind: Exclude<CalleeAct['kind'], 'keys'>): (body: unknown) => CalleeAct {
  return (body) => {
    readNothing(body ?? {});
    return { kind };
  };
}

function idOf({ params }: Call<Owner>): string {
  const id = callId(params['id']);
  if (id === null) throw new PassbellError('not_found', { what: 'call' });
  return id;
}
