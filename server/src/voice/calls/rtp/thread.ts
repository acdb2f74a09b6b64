import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { systemClock } from '../../../values/clock.ts';
import { type PumpLoad, spreadPump } from './pump.ts';
import { type RtpSession, rtpSession } from './rtp-session.ts';
import { openRtpSocket, type RtpSocket } from './rtp-socket.ts';
import type { MediaCommand, MediaReport } from './thread-messages.ts';

// A media thread's whole life: sessions come and go by command, and all of them send by one clock. It has a thread of its own because
// what else the service does takes tens of milliseconds at times, which a callee hears.
const port = parentPort;
if (port === null) throw new Error('thread.ts runs as a worker thread only');

// On a busy machine a packet would wait for its turn on a core as long as any other work. On Linux this is the thread's own priority and
// needs CAP_SYS_NICE, elsewhere it would be the whole process's.
if (process.platform === 'linux') {
  try {
    setPriority(-10);
  } catch {
    // Not allowed: then it is as others are.
  }
}

interface Entry extends PumpLoad {
  readonly session: RtpSession;
  readonly socket: RtpSocket;
}

const sessions = new Map<number, Entry>();
const beat = spreadPump(systemClock);

function report(message: MediaReport): void {
  port?.postMessage(message);
}

async function open({ id, binding, seed }: Extract<MediaCommand, { kind: 'open' }>): Promise<void> {
  const session = rtpSession(seed, {
    key: (key) => report({ kind: 'event', id, event: { kind: 'key', key } }),
    firstPacket: () => report({ kind: 'event', id, event: { kind: 'first_packet' } }),
    played: (turn) => report({ kind: 'played', id, turn }),
  });
  let whole = true;
  try {
    const socket = await openRtpSocket(binding, {
      datagram: (datagram, from) => session.take(datagram, from, systemClock.elapsed()),
      broken() {
        whole = false;
        if (sessions.has(id)) report({ kind: 'event', id, event: { kind: 'lost' } });
        forget(id);
      },
    });
    if (!whole) throw new Error('the socket broke');
    const entry = { session, socket, frame: () => session.frame(socket), skip: session.skip };
    sessions.set(id, entry);
    beat.add(entry);
    report({ kind: 'opened', id, port: socket.port });
  } catch (error) {
    report({ kind: 'refused', id, code: (error as NodeJS.ErrnoException).code ?? 'unknown' });
  }
}

function forget(id: number): void {
  const entry = sessions.get(id);
  if (entry === undefined) return;
  sessions.delete(id);
  beat.remove(entry);
  report({ kind: 'closed', id, tally: entry.session.tally });
}

port.on('message', (command: MediaCommand) => {
  const entry = sessions.get(command.id);
  switch (command.kind) {
    case 'open':
      void open(command);
      return;
    case 'remote':
      entry?.session.remote(command.remote, command.playing);
      return;
    case 'play':
      entry?.session.play(command.playing);
      return;
    case 'close':
      entry?.socket.close();
      forget(command.id);
      return;
    default:
      command satisfies never;
  }
});
