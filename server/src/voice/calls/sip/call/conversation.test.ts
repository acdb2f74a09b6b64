import { expect, test } from 'vitest';
import { farRequest } from '../scripted-stack.ts';
import { FAR_SDP, trunkRig } from '../trunk-example.ts';

const sdpType = [['Content-Type', 'application/sdp']] as const;
const text = (body: Uint8Array | undefined) => Buffer.from(body ?? []).toString();

test.each(['INVITE', 'UPDATE'])('hold and on again by %s: answered, and the sound follows', async (method) => {
  const { stack, talking } = trunkRig();
  const { invite, sound } = await talking();
  const held = FAR_SDP.replace('m=audio', 'a=sendonly\r\nm=audio');
  const hold = stack.receive(farRequest(invite.request, method, { cseq: 1, headers: sdpType, body: held }));
  expect(hold).toMatchObject({ status: 200 });
  expect(text(hold?.body)).toContain('a=recvonly');
  expect(hold?.headers).toContainEqual(['Contact', '<sip:passbell@192.0.2.7:5060>']);
  expect(sound.remote?.send).toBe(false);
  const on = stack.receive(farRequest(invite.request, method, { cseq: 2, headers: sdpType, body: FAR_SDP }));
  expect(text(on?.body)).toContain('a=sendrecv');
  expect(sound.remote?.send).toBe(true);
  expect(sound.done).toEqual(['start', 'update', 'update']);
});

test('a far end that moves: its sound, and where our BYE goes', async () => {
  const { stack, talking } = trunkRig();
  const { invite, sound, call } = await talking({}, { headers: [['Contact', '<sip:a@198.51.100.9:5062>']] });
  const moved = FAR_SDP.replaceAll('198.51.100.9', '198.51.100.10').replace('6000', '7000');
  const headers = [...sdpType, ['Contact', '<sip:b@198.51.100.10:5064>']] as const;
  stack.receive(farRequest(invite.request, 'INVITE', { headers, body: moved }));
  expect(sound.remote).toMatchObject({ address: '198.51.100.10', port: 7_000 });
  call.hangUp();
  const bye = await stack.next('BYE');
  expect(bye.request.uri).toBe('sip:b@198.51.100.10:5064');
  expect(bye.target).toMatchObject({ address: '198.51.100.10', port: 5_064 });
});

test('a re-INVITE that offers nothing gets our offer, and its ACK has the answer', async () => {
  const { stack, talking } = trunkRig();
  const { invite, sound } = await talking();
  const reply = stack.receive(farRequest(invite.request, 'INVITE', { cseq: 5 }));
  expect(reply?.status).toBe(200);
  expect(text(reply?.body)).toContain('m=audio 4000 RTP/AVP 8 0 101');
  expect(sound.done).toEqual(['start']);
  const moved = FAR_SDP.replace('6000', '7000');
  expect(stack.receive(farRequest(invite.request, 'ACK', { cseq: 5, headers: sdpType, body: moved }))).toBeNull();
  expect(sound.remote?.port).toBe(7_000);
});

test('a refresh of the session is answered, and nothing changes', async () => {
  const { stack, talking } = trunkRig();
  const { invite, sound } = await talking();
  const headers = [['Session-Expires', '1800;refresher=uac']] as const;
  expect(stack.receive(farRequest(invite.request, 'UPDATE', { headers }))).toMatchObject({ status: 200 });
  expect(sound.done).toEqual(['start']);
});

test('what cannot be talked about is refused, and the call goes on', async () => {
  const { stack, talking } = trunkRig();
  const { invite, sound, kinds } = await talking();
  const video = FAR_SDP.replace('m=audio', 'm=video');
  const ask = (cseq: number, parts: object) => stack.receive(farRequest(invite.request, 'INVITE', { cseq, ...parts }));
  expect(ask(1, { headers: sdpType, body: video })).toEqual({ status: 488 });
  expect(ask(2, { headers: [['Content-Type', 'text/plain']], body: 'hello' })).toMatchObject({ status: 415 });
  expect(sound.done).toEqual(['start']);
  expect(kinds()).toEqual(['answered']);
});

test('what was overtaken on its way is not acted upon', async () => {
  const { stack, talking } = trunkRig();
  const { invite, kinds } = await talking();
  expect(stack.receive(farRequest(invite.request, 'OPTIONS', { cseq: 7 }))?.status).toBe(200);
  expect(stack.receive(farRequest(invite.request, 'BYE', { cseq: 7 }))?.status).toBe(500);
  expect(stack.receive(farRequest(invite.request, 'BYE', { cseq: 6 }))?.status).toBe(500);
  expect(kinds()).toEqual(['answered']);
  expect(stack.receive(farRequest(invite.request, 'BYE', { cseq: 8 }))?.status).toBe(200);
  expect(stack.receive(farRequest(invite.request, 'BYE', { cseq: 9 }))?.status).toBe(481);
});

test.each([
  ['application/dtmf-relay', 'Signal=1\r\nDuration=160\r\n', '1'],
  ['application/dtmf-relay', 'Signal= *\nDuration= 250', '*'],
  ['application/dtmf-relay', 'Duration=100\r\nsignal=d\r\n', 'D'],
  ['Application/DTMF-Relay; x=y', 'Signal=11\r\n', '#'],
  ['application/dtmf', '9', '9'],
  ['application/dtmf', '10\r\n', '*'],
])('a key in an INFO: %s, %j', async (type, body, key) => {
  const { stack, talking } = trunkRig();
  const { invite, events } = await talking();
  const info = farRequest(invite.request, 'INFO', { headers: [['Content-Type', type]], body });
  expect(stack.receive(info)).toEqual({ status: 200 });
  expect(events.at(-1)).toMatchObject({ kind: 'key', key });
});

test.each([
  ['application/dtmf-relay', 'Signal=12\r\n', 415],
  ['application/dtmf-relay', 'Signal=\r\n', 415],
  ['application/media_control+xml', '<x/>', 415],
  ['', undefined, 200],
])('an INFO of something else is answered and means nothing: %s %j', async (type, body, status) => {
  const { stack, talking } = trunkRig();
  const { invite, kinds } = await talking();
  const headers = [['Content-Type', type]] as const;
  const parts = { headers, ...(body === undefined ? {} : { body }) };
  expect(stack.receive(farRequest(invite.request, 'INFO', parts))?.status).toBe(status);
  expect(kinds()).toEqual(['answered']);
});

test('a trunk that sends each key both ways is heard one way', async () => {
  const { stack, talking } = trunkRig();
  const { invite, sound, events } = await talking();
  const info = (cseq: number, key: string) =>
    stack.receive(
      farRequest(invite.request, 'INFO', { cseq, headers: [['Content-Type', 'application/dtmf']], body: key }),
    );
  sound.event({ kind: 'key', key: '1' });
  info(1, '1');
  info(2, '2');
  sound.event({ kind: 'key', key: '2' });
  expect(events.flatMap((event) => (event.kind === 'key' ? [event.key] : []))).toEqual(['1', '2']);
});

test.each(['REFER', 'MESSAGE', 'SUBSCRIBE', 'PRACK', 'NOTIFY', 'FOO'])('%s is not for us', async (method) => {
  const { stack, talking, engine } = trunkRig();
  const { invite, kinds } = await talking();
  const allow = [['Allow', 'INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE']];
  expect(stack.receive(farRequest(invite.request, method))).toEqual({ status: 405, headers: allow });
  expect(kinds()).toEqual(['answered']);
  expect(engine.status().free).toBe(29);
});

test('while we hang up, nothing but a BYE or a question is taken', async () => {
  const { stack, talking } = trunkRig();
  const { invite, call, sound, kinds } = await talking();
  call.hangUp();
  const headers = [['Content-Type', 'application/dtmf']] as const;
  expect(
    stack.receive(farRequest(invite.request, 'INVITE', { cseq: 1, headers: sdpType, body: FAR_SDP }))?.status,
  ).toBe(481);
  expect(stack.receive(farRequest(invite.request, 'INFO', { cseq: 2, headers, body: '1' }))?.status).toBe(200);
  expect(sound.done).toEqual(['start', 'close']);
  expect(kinds()).toEqual(['answered']);
});
