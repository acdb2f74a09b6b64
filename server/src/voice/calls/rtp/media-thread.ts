import { Worker } from 'node:worker_threads';
import type { MediaEvent, MediaSession } from './media.ts';
import { type SessionOwner, sessionOver } from './media-session.ts';
import type { RtpSeed } from './rtp-sender.ts';
import type { Binding, MediaCommand, MediaReport, RtpTally } from './thread-messages.ts';

export interface OpenRequest {
  readonly binding: Binding;
  readonly seed: RtpSeed;
  onEvent(event: MediaEvent): void;
  /** Its port is free again; once, and only after it was opened. */
  onClosed(tally: RtpTally): void;
}

/** A thread that sends and hears the sound of many calls, as this side sees it. */
export interface MediaThread {
  /** Sessions that are open, or being opened. */
  readonly sessions: number;
  /** False once it has ended: it is of no more use. */
  readonly alive: boolean;
  /** Rejects with the system's error code as the message, or with the thread's end. */
  open(request: OpenRequest): Promise<MediaSession>;
  /** Ends it; sessions close without a word. */
  close(): Promise<void>;
}

// Source in development, compiled in the package: the thread's file has the ending of this one.
const THREAD_FILE = new URL(import.meta.url.endsWith('.ts') ? './thread.ts' : './thread.js', import.meta.url);
const NOTHING: RtpTally = { sent: 0, received: 0, dropped: 0, skipped: 0 };

export function startWorker(): Worker {
  return new Worker(THREAD_FILE, { name: 'media' });
}

interface Opening {
  readonly request: OpenRequest;
  resolve(session: MediaSession): void;
  reject(cause: Error): void;
}

/** @param onEnd called when the thread has ended by itself, after its sessions were told. */
export function mediaThread(worker: Worker, onEnd: (cause: Error) => void): MediaThread {
  const openings = new Map<number, Opening>();
  const owners = new Map<number, SessionOwner & { readonly request: OpenRequest }>();
  let lastId = 0;
  let alive = true;
  let closing = false;
  let cause = new Error('the media thread ended');

  const post = (command: MediaCommand) => worker.postMessage(command);

  function opened(id: number, port: number): void {
    const opening = openings.get(id);
    if (opening === undefined) return;
    openings.delete(id);
    const { request, resolve } = opening;
    const owner = sessionOver({ id, port, post, onEvent: (event) => request.onEvent(event) });
    owners.set(id, { ...owner, request });
    resolve(owner.session);
  }

  function refused(id: number, code: string): void {
    openings.get(id)?.reject(new Error(code));
    openings.delete(id);
  }

  function closed(id: number, tally: RtpTally): void {
    owners.get(id)?.request.onClosed(tally);
    owners.delete(id);
  }

  worker.on('message', (report: MediaReport) => {
    switch (report.kind) {
      case 'opened':
        return opened(report.id, report.port);
      case 'refused':
        return refused(report.id, report.code);
      case 'event':
        return owners.get(report.id)?.heard(report.event);
      case 'played':
        return owners.get(report.id)?.played(report.turn);
      case 'closed':
        return closed(report.id, report.tally);
      default:
        report satisfies never;
    }
  });
  worker.on('error', (error) => {
    cause = error instanceof Error ? error : cause;
  });
  worker.on('exit', () => {
    alive = false;
    for (const { reject } of openings.values()) reject(cause);
    openings.clear();
    const orphans = [...owners.values()];
    owners.clear();
    for (const { heard, request } of orphans) {
      if (!closing) heard({ kind: 'lost' });
      request.onClosed(NOTHING);
    }
    if (!closing) onEnd(cause);
  });

  return {
    get sessions() {
      return owners.size + openings.size;
    },
    get alive() {
      return alive && !closing;
    },
    open(request) {
      return new Promise((resolve, reject) => {
        if (!alive) return reject(cause);
        lastId += 1;
        openings.set(lastId, { request, resolve, reject });
        post({ kind: 'open', id: lastId, binding: request.binding, seed: request.seed });
      });
    },
    async close() {
      closing = true;
      for (const { session } of owners.values()) session.close();
      await worker.terminate();
    },
  };
}
