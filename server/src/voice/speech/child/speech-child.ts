import type { ChildProcess } from 'node:child_process';
import { PassbellError } from '../../../errors.ts';
import type { Log } from '../../../observe/log.ts';
import type { Clock, Timer } from '../../../values/clock.ts';
import type { Pcm } from '../speech-engine.ts';
import { type ChildProgram, forkChild } from './fork-child.ts';
import { type ChildMessage, isPcm, type SayMessage } from './messages.ts';

/** A process of ours that speaks, restarted when it dies; one utterance at a time, the others wait. */
export interface SpeechChild<Request> {
  /**
   * Rejects with `unavailable` when it does not start, or has too much to do; with an ordinary error when it cannot say this.
   * Aborting `signal` gives up the wait; what is being said is said to its end.
   */
  say(request: Request, signal: AbortSignal): Promise<Pcm>;
  /** Rejects what waits; resolves when the process is gone. */
  close(): Promise<void>;
}

export interface SpeechChildOptions extends ChildProgram {
  /** In logs. */
  readonly name: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits?: Partial<SpeechChildLimits>;
}

export interface SpeechChildLimits {
  /** Utterances that wait, at the most. */
  readonly waiting: number;
  /** How long one may wait, ms: a caller of an API is waiting as well. */
  readonly waitMs: number;
  /** How long one may take, ms; then the process is killed, for nothing else stops it. */
  readonly sayMs: number;
  readonly startMs: number;
  /** A process that has had nothing to do for so long is ended, ms: it holds 150 MB, and clips are cached. */
  readonly idleMs: number;
}

const LIMITS: SpeechChildLimits = { waiting: 256, waitMs: 15_000, sayMs: 10_000, startMs: 10_000, idleMs: 600_000 };

/** The first wait before a restart, ms; doubled each time. */
const RESTART_MS = 100;
const MAX_RESTART_MS = 30_000;

interface Job<Request> {
  readonly request: Request;
  readonly id: number;
  /** Both do nothing once one was called. */
  readonly resolve: (pcm: Pcm) => void;
  readonly reject: (error: unknown) => void;
  /** Whether somebody still waits for it. */
  wanted: boolean;
  timer: Timer;
  /** How often a process died over it. */
  deaths: number;
}

type State =
  | { readonly kind: 'none' }
  | { readonly kind: 'starting'; readonly child: ChildProcess; readonly timer: Timer }
  | { readonly kind: 'idle'; readonly child: ChildProcess; readonly timer: Timer }
  | { readonly kind: 'busy'; readonly child: ChildProcess; readonly id: number }
  /** Killed, or ending by itself: nothing more is asked of it. */
  | { readonly kind: 'ending'; readonly child: ChildProcess }
  | { readonly kind: 'resting'; readonly timer: Timer };

export function speechChild<Request>(options: SpeechChildOptions): SpeechChild<Request> {
  const { name, clock, log } = options;
  const limits = { ...LIMITS, ...options.limits };
  const waiting: Job<Request>[] = [];
  let saying: Job<Request> | null = null;
  let state: State = { kind: 'none' };
  let failures = 0;
  /** The last process did not even start: until the next try nobody waits for it. */
  let broken = false;
  let ids = 0;
  let closed = false;
  let gone: (() => void)[] = [];

  function unavailable(): PassbellError {
    return new PassbellError('unavailable', { reason: 'speech' });
  }

  function drop(job: Job<Request>, error: unknown): void {
    // What is being said keeps its timer: that one watches the process.
    if (job !== saying) job.timer.cancel();
    const at = waiting.indexOf(job);
    if (at >= 0) waiting.splice(at, 1);
    job.reject(error);
  }

  function dropAll(): void {
    for (const job of [...waiting]) drop(job, unavailable());
  }

  function next(): void {
    if (closed) return;
    if (state.kind === 'none' && waiting.length > 0) start();
    if (state.kind !== 'idle') return;
    const job = waiting.shift();
    if (!job) return;
    state.timer.cancel();
    job.timer.cancel();
    job.timer = clock.after(limits.sayMs, () => hung(job));
    saying = job;
    state = { kind: 'busy', child: state.child, id: job.id };
    const message: SayMessage = { id: job.id, request: job.request };
    // A channel that broke is told by 'exit'; without a listener of its own the error would be thrown.
    state.child.send(message, () => {});
  }

  function start(): void {
    const child = forkChild(options, {
      heard: (message) => heard(child, message),
      ended: (why) => died(why),
    });
    state = { kind: 'starting', child, timer: clock.after(limits.startMs, () => kill(child)) };
  }

  function heard(child: ChildProcess, message: ChildMessage): void {
    switch (message.kind) {
      case 'ready':
        if (state.kind !== 'starting') return;
        state.timer.cancel();
        broken = false;
        rest(child);
        return;
      case 'unusable':
        log.error('speech_child_unusable', { engine: name, why: message.why });
        kill(child);
        return;
      case 'said':
      case 'failed': {
        if (state.kind !== 'busy' || state.id !== message.id) return;
        failures = 0;
        const job = saying;
        saying = null;
        rest(child);
        job?.timer.cancel();
        if (message.kind === 'failed') job?.reject(new Error(`${name}: ${message.why}`));
        else if (isPcm(message.pcm)) job?.resolve(message.pcm);
        else job?.reject(new Error(`${name}: not sound`));
        return;
      }
      default:
        message satisfies never;
    }
  }

  /** It has nothing to do: the next one, or a while of waiting for it. */
  function rest(child: ChildProcess): void {
    state = { kind: 'idle', child, timer: clock.after(limits.idleMs, () => kill(child)) };
    next();
  }

  function hung(job: Job<Request>): void {
    log.warn('speech_child_hung', { engine: name });
    // Never said again: it would hang the next one as well.
    saying = null;
    job.reject(new Error(`${name}: it took too long`));
    if (state.kind === 'busy') kill(state.child);
  }

  function kill(child: ChildProcess): void {
    // One that does not start has failed; one that is sent away has not.
    if (state.kind !== 'starting') state = { kind: 'ending', child };
    child.kill('SIGKILL');
  }

  function died(why: string): void {
    const was = state.kind;
    if (state.kind === 'starting' || state.kind === 'idle') state.timer.cancel();
    const job = saying;
    saying = null;
    if (job) again(job);
    state = { kind: 'none' };
    for (const call of gone) call();
    gone = [];
    if (closed || was === 'ending') {
      next();
      return;
    }
    failures += 1;
    log.warn('speech_child_died', { engine: name, why, failures });
    broken = was === 'starting';
    if (broken) dropAll();
    const wait = Math.min(MAX_RESTART_MS, RESTART_MS * 2 ** (failures - 1));
    state = {
      kind: 'resting',
      timer: clock.after(wait, () => {
        state = { kind: 'none' };
        next();
      }),
    };
  }

  /** The process died over it: perhaps by chance, so once more; a second death is its own fault. */
  function again(job: Job<Request>): void {
    job.timer.cancel();
    if (!job.wanted) return;
    job.deaths += 1;
    if (closed || job.deaths > 1) {
      job.reject(closed ? unavailable() : new Error(`${name}: it died twice over this`));
      return;
    }
    job.timer = clock.after(limits.waitMs, () => drop(job, unavailable()));
    waiting.unshift(job);
  }

  return {
    say(request, signal) {
      if (signal.aborted) return Promise.reject(signal.reason);
      if (closed || waiting.length >= limits.waiting || (broken && state.kind === 'resting'))
        return Promise.reject(unavailable());
      return new Promise<Pcm>((resolve, reject) => {
        ids += 1;
        const abort = (): void => drop(job, signal.reason);
        const settled = (): void => {
          job.wanted = false;
          signal.removeEventListener('abort', abort);
        };
        const job: Job<Request> = {
          request,
          id: ids,
          resolve(pcm) {
            settled();
            resolve(pcm);
          },
          reject(error) {
            settled();
            reject(error);
          },
          wanted: true,
          timer: clock.after(limits.waitMs, () => drop(job, unavailable())),
          deaths: 0,
        };
        signal.addEventListener('abort', abort, { once: true });
        waiting.push(job);
        next();
      });
    },
    close() {
      closed = true;
      dropAll();
      if (saying) drop(saying, unavailable());
      if (state.kind === 'resting') {
        state.timer.cancel();
        state = { kind: 'none' };
      }
      if (state.kind === 'none') return Promise.resolve();
      const { child } = state;
      return new Promise((resolve) => {
        gone.push(resolve);
        child.kill('SIGKILL');
      });
    },
  };
}
