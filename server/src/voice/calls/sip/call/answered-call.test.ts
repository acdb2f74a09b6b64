import { expect, test } from 'vitest';
import { silence } from '../../../audio/make-clip.ts';
import { farRequest } from '../scripted-stack.ts';
import { FAR_SDP, trunkRig } from '../trunk-example.ts';

const hello = silence(20);
const start = Date.UTC(2026, 0, 31, 10);

test('a call from the dial to the callee who hangs up', async () => {
  const { stack, place, media, clock, engine } = trunkRig();
  const placed = place();
  placed.call.play([hello]);
  const invite = await stack.next('INVITE');
  expect(engine.status().free).toBe(29);
  invite.answer(100);
  clock.advance(1_000);
  invite.answer(180);
  invite.answer(180);
  clock.advance(2_000);
  invite.answer(200, { body: FAR_SDP });
  expect((await stack.next('ACK')).request.headers.get('CSeq')).toBe('1 ACK');
  const [sound] = media.sessions;
  expect(sound?.done).toEqual(['start', `play ${hello.key}`]);
  const remote = {
    address: '198.51.100.9',
    port: 6_000,
    codec: 'pcma',
    payloadType: 8,
    eventPayloadType: 101,
    send: true,
  };
  expect(sound?.remote).toEqual(remote);
  sound?.event({ kind: 'first_packet' });
  sound?.event({ kind: 'key', key: '1' });
  sound?.event({ kind: 'played' });
  clock.advance(5_000);
  const headers = [['Reason', 'Q.850;cause=16;text="Normal call clearing"']] as const;
  expect(stack.receive(farRequest(invite.request, 'BYE', { headers }))).toEqual({ status: 200 });
  expect(placed.events).toEqual([
    { kind: 'ringing', at: start + 1_000 },
    { kind: 'answered', at: start + 3_000 },
    { kind: 'key', key: '1', at: start + 3_000 },
    { kind: 'played', at: start + 3_000 },
    {
      kind: 'ended',
      at: start + 8_000,
      end: { outcome: 'completed', sipStatus: null, reason: 'Normal call clearing', cause: 16, retry: 'never' },
    },
  ]);
  expect(sound?.done.at(-1)).toBe('close');
  expect(engine.status().free).toBe(30);
  expect(stack.methods).toEqual(['INVITE', 'ACK']);
});

test('we hang up: the end is when we did, and is told when the far end has understood', async () => {
  const { stack, talking, clock } = trunkRig();
  const { call, events, kinds, sound } = await talking();
  clock.advance(4_000);
  call.hangUp();
  call.hangUp();
  expect(sound.done.at(-1)).toBe('close');
  const bye = await stack.next('BYE');
  expect(bye.request.headers.get('CSeq')).toBe('2 BYE');
  expect(kinds()).toEqual(['answered']);
  clock.advance(300);
  bye.answer(200);
  const end = { outcome: 'completed', sipStatus: null, reason: '', cause: null, retry: 'never' };
  expect(events.at(-1)).toEqual({ kind: 'ended', at: start + 4_000, end });
  expect(stack.methods).toEqual(['INVITE', 'ACK', 'BYE']);
});

test.each([
  ['refused', (bye: { answer(status: number): void }) => bye.answer(481)],
  ['lost', (bye: { lost(why: 'timeout'): void }) => bye.lost('timeout')],
])('a BYE that is %s ends the call all the same', async (_, happens) => {
  const { stack, talking } = trunkRig();
  const { call, ended } = await talking();
  call.hangUp();
  happens(await stack.next('BYE'));
  expect(await ended).toMatchObject({ outcome: 'completed' });
});

test('a BYE that is not answered: nobody waits for timer F, yet it goes on being sent', async () => {
  const { stack, talking, clock, engine } = trunkRig();
  const { call, ended, kinds } = await talking();
  call.hangUp();
  const bye = await stack.next('BYE');
  clock.advance(4_999);
  expect(kinds()).toEqual(['answered']);
  clock.advance(1);
  expect(await ended).toMatchObject({ outcome: 'completed' });
  expect(bye.abandoned).toBe(false);
  bye.lost('timeout');
  expect(kinds()).toEqual(['answered', 'ended']);
  expect(engine.status().free).toBe(30);
});

test('both hang up at once', async () => {
  const { stack, talking } = trunkRig();
  const { call, invite, kinds } = await talking();
  call.hangUp();
  const bye = await stack.next('BYE');
  expect(stack.receive(farRequest(invite.request, 'BYE'))).toEqual({ status: 200 });
  bye.answer(200);
  expect(kinds()).toEqual(['answered', 'ended']);
});

test.each([
  ['the plan', {}, { talkMs: 20_000 }, 20_000],
  ['the trunk', { max_call_seconds: 10 }, { talkMs: 60_000 }, 10_000],
])('a call lasts no longer than %s allows, whatever is played', async (_, json, plan, ms) => {
  const { stack, talking, clock } = trunkRig(json);
  const { ended, call } = await talking(plan);
  call.play([hello]);
  clock.advance(ms - 1);
  expect(stack.methods).not.toContain('BYE');
  clock.advance(1);
  (await stack.next('BYE')).answer(200);
  expect(await ended).toMatchObject({ outcome: 'completed' });
});

test('sound that breaks ends the call', async () => {
  const { stack, talking } = trunkRig();
  const { sound, ended } = await talking();
  sound.event({ kind: 'lost' });
  (await stack.next('BYE')).answer(200);
  expect(await ended).toMatchObject({ outcome: 'completed' });
});

test('what is played later goes out at once, and nothing is heard or played after the end', async () => {
  const { stack, talking } = trunkRig();
  const { call, sound, invite, kinds } = await talking();
  call.play([hello]);
  expect(sound.done).toEqual(['start', `play ${hello.key}`]);
  stack.receive(farRequest(invite.request, 'BYE'));
  call.play([hello]);
  call.hangUp();
  expect(sound.done).toEqual(['start', `play ${hello.key}`, 'close']);
  expect(kinds()).toEqual(['answered', 'ended']);
  expect(stack.methods).toEqual(['INVITE', 'ACK']);
});

test('early media: it rings, nothing is played, and its SDP stands for an answer that has none', async () => {
  const { stack, place, media } = trunkRig();
  const placed = place();
  placed.call.play([hello]);
  const invite = await stack.next('INVITE');
  invite.answer(183, { body: FAR_SDP });
  const [sound] = media.sessions;
  sound?.event({ kind: 'key', key: '5' });
  sound?.event({ kind: 'played' });
  expect(sound?.done).toEqual([]);
  expect(placed.kinds()).toEqual(['ringing']);
  invite.answer(200);
  await placed.heard('answered');
  expect(sound?.remote?.port).toBe(6_000);
});

test.each([
  ['none', {}],
  ['with a codec that we do not have', { body: FAR_SDP.replace('AVP 8 101', 'AVP 18') }],
])('an answer whose sound is %s is hung up, and the call has failed', async (_, parts) => {
  const { stack, place } = trunkRig();
  const { ended } = place();
  (await stack.next('INVITE')).answer(200, parts);
  await stack.next('ACK');
  await stack.next('BYE');
  expect(await ended).toMatchObject({ outcome: 'failed', sipStatus: 200, retry: 'unknown' });
});

test('each repetition of the 200 gets its ACK again, even after the end', async () => {
  const { stack, talking } = trunkRig();
  const { invite, ack } = await talking();
  invite.answer(200, { body: FAR_SDP });
  const again = await stack.next('ACK');
  expect(again.request.headers.entries()).toEqual(ack.request.headers.entries());
  stack.receive(farRequest(invite.request, 'BYE'));
  invite.answer(200, { body: FAR_SDP });
  await stack.next('ACK');
  expect(stack.methods).toEqual(['INVITE', 'ACK', 'ACK', 'ACK']);
});

test('a second fork that answers gets ACK and BYE; the first goes on', async () => {
  const { stack, talking } = trunkRig();
  const { invite, kinds, call } = await talking();
  const contact = [['Contact', '<sip:other@198.51.100.77:5062>']] as const;
  invite.answer(200, { body: FAR_SDP, tag: 'other', headers: contact });
  const ack = await stack.next('ACK');
  const bye = await stack.next('BYE');
  expect(ack.request.headers.get('To')).toContain(';tag=other');
  expect(bye.request.uri).toBe('sip:other@198.51.100.77:5062');
  expect(bye.target).toMatchObject({ address: '198.51.100.77', port: 5_062 });
  expect(bye.request.headers.get('To')).toContain(';tag=other');
  invite.answer(200, { body: FAR_SDP, tag: 'other', headers: contact });
  await stack.next('ACK');
  expect(kinds()).toEqual(['answered']);
  call.hangUp();
  expect((await stack.next('BYE')).request.headers.get('To')).toContain(';tag=far');
  expect(stack.methods).toEqual(['INVITE', 'ACK', 'ACK', 'BYE', 'ACK', 'BYE']);
});

test('a far end cannot make us hang up forks for ever', async () => {
  const { stack, talking } = trunkRig();
  const { invite } = await talking();
  for (let i = 0; i < 50; i++) invite.answer(200, { tag: `fork${i}` });
  for (let i = 0; i < 7; i++) await stack.next('BYE');
  expect(stack.methods.filter((method) => method === 'BYE')).toHaveLength(7);
});
