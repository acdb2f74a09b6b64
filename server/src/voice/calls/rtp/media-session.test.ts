import { expect, test } from 'vitest';
import { makeClip } from '../../audio/make-clip.ts';
import type { MediaEvent, Remote } from './media.ts';
import { sessionOver } from './media-session.ts';
import type { MediaCommand } from './thread-messages.ts';

const REMOTE: Remote = {
  address: '192.0.2.1',
  port: 4000,
  codec: 'pcma',
  payloadType: 8,
  eventPayloadType: 101,
  send: true,
};
const CLIP = makeClip(Int16Array.of(1000, -1000));

function owner() {
  const posted: MediaCommand[] = [];
  const events: MediaEvent[] = [];
  const { session, heard, played } = sessionOver({
    id: 1,
    port: 4002,
    post: (command) => posted.push(command),
    onEvent: (event) => events.push(event),
  });
  return { session, heard, played, posted, events };
}

test('what is played before the codec is known goes with the remote', () => {
  const { session, posted } = owner();
  session.play([CLIP]);
  expect(posted).toEqual([]);
  session.start(REMOTE);
  expect(posted).toEqual([
    { kind: 'remote', id: 1, remote: REMOTE, playing: { turn: 1, clips: [CLIP.encoded('pcma')] } },
  ]);
});

test('another codec takes what still plays with it, and what has ended not', () => {
  const { session, played, posted } = owner();
  session.start(REMOTE);
  session.play([CLIP]);
  session.update({ ...REMOTE, send: false });
  session.update({ ...REMOTE, codec: 'pcmu', payloadType: 0 });
  played(1);
  session.update(REMOTE);
  expect(posted.map((command) => ('playing' in command ? command.playing : null))).toEqual([
    null,
    { turn: 1, clips: [CLIP.encoded('pcma')] },
    null,
    { turn: 1, clips: [CLIP.encoded('pcmu')] },
    null,
  ]);
});

test('an end that crossed the next play is not its end', () => {
  const { session, played, events } = owner();
  session.start(REMOTE);
  session.play([CLIP]);
  session.play([CLIP, CLIP]);
  played(1);
  expect(events).toEqual([]);
  played(2);
  expect(events).toEqual([{ kind: 'played' }]);
});

test('after close nothing is done and nothing said', () => {
  const { session, heard, played, posted, events } = owner();
  session.close();
  session.close();
  session.start(REMOTE);
  session.play([CLIP]);
  heard({ kind: 'key', key: '1' });
  played(0);
  expect(posted).toEqual([{ kind: 'close', id: 1 }]);
  expect(events).toEqual([]);
});

test('nothing follows lost', () => {
  const { session, heard, posted, events } = owner();
  heard({ kind: 'lost' });
  heard({ kind: 'key', key: '1' });
  session.play([CLIP]);
  session.close();
  expect(events).toEqual([{ kind: 'lost' }]);
  expect(posted).toEqual([]);
});
