import { type Dial, errorCode, type Target } from '../../../net/dial.ts';
import type { Clock, Timer } from '../../../values/clock.ts';
import type { Random } from '../../../values/random.ts';
import type { SmppEvent } from '../events.ts';
import type { Credentials, Role } from '../pdu/bind.ts';
import type { Delivered } from '../pdu/deliver-sm.ts';
import { endsBinding, statusName } from '../pdu/status.ts';
import type { SubmitProfile, SubmitSm } from '../pdu/submit-sm.ts';
import { reconnectDelay } from './backoff.ts';
import { Session } from './session.ts';
import type { BindAnswer, Notice, SessionEnd, SessionLimits } from './session-listener.ts';
import type { Reply } from './window.ts';

export interface LinkListener {
  /** Whether it is bound, or how much it takes, is no longer what it was. */
  changed(): void;
  delivered(message: Delivered, answer: (status: number) => void): void;
  noticed(notice: Notice): void;
  event(event: SmppEvent): void;
}

export interface LinkConfig extends Target, Credentials, SessionLimits {}

export interface LinkDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly dial: Dial;
}

/** After a bind that was refused for good: often enough to notice new credentials, too seldom to lock an account. */
const REFUSED_WAIT_MS = 5 * 60_000;
/** A session that lasted this long was a good one: what comes after it is a first failure. */
const STABLE_MS = 30_000;
/** How long the SMSC may take to answer our unbind. */
const UNBIND_MS = 1_000;

/** Why there is no session, in a sentence for people, and whether that is a matter of time. */
interface Setback {
  readonly trouble: string;
  readonly final: boolean;
}

/** One bind, kept up: connects, binds, and does it again when the session ends, until it is closed. */
export class Link {
  readonly role: Role;
  readonly #bind: number;
  readonly #config: LinkConfig;
  readonly #deps: LinkDeps;
  readonly #listener: LinkListener;
  readonly #closing = new AbortController();
  #session: Session | null = null;
  #trouble: string;
  #running: Promise<void> | null = null;
  #wakeUp = () => {};

  /** @param bind its number, from 1. */
  constructor(bind: number, role: Role, config: LinkConfig, deps: LinkDeps, listener: LinkListener) {
    this.role = role;
    this.#bind = bind;
    this.#config = config;
    this.#deps = deps;
    this.#listener = listener;
    this.#trouble = `Connecting to ${config.host}:${config.port}.`;
  }

  get bound(): boolean {
    return this.#session?.bound ?? false;
  }

  /** How many messages it takes now. */
  get free(): number {
    return this.role === 'receiver' || this.#session === null ? 0 : this.#session.free;
  }

  /** What keeps it from being bound; null: nothing. */
  get trouble(): string | null {
    return this.bound ? null : this.#trouble;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** The caller has seen `free` > 0. */
  submit(sm: SubmitSm, profile: SubmitProfile, reply: Reply): void {
    if (this.#session === null) reply.lost(false);
    else this.#session.submit(sm, profile, reply);
  }

  /** Unbinds and disconnects. What is unanswered by then is given up. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#wakeUp();
    const session = this.#session;
    session?.unbind();
    const timer = this.#deps.clock.after(UNBIND_MS, () => session?.destroy());
    await this.#running;
    timer.cancel();
  }

  async #run(): Promise<void> {
    const { clock, random } = this.#deps;
    const { signal } = this.#closing;
    for (let failures = 0; !signal.aborted; failures++) {
      const since = clock.elapsed();
      const { trouble, final } = await this.#hold();
      if (signal.aborted) return;
      if (clock.elapsed() - since >= STABLE_MS) failures = 0;
      this.#trouble = trouble;
      this.#listener.changed();
      await this.#pause(final ? REFUSED_WAIT_MS : reconnectDelay(failures, random));
    }
  }

  /** One session, from its connection to its end. @returns why it is over. */
  async #hold(): Promise<Setback> {
    const { host, port, systemId } = this.#config;
    const socket = await this.#connect();
    if (typeof socket === 'string') {
      this.#listener.event({ kind: 'connect_failed', bind: this.#bind, role: this.role, reason: socket });
      return { trouble: `Cannot connect to ${host}:${port}: ${socket}.`, final: false };
    }
    const over = Promise.withResolvers<{ readonly end: SessionEnd; readonly detail: string | null }>();
    const session: Session = new Session(socket, this.#config, this.#deps.clock, {
      changed: () => this.#listener.changed(),
      delivered: (message, answer) => this.#listener.delivered(message, answer),
      noticed: (notice) => this.#listener.noticed(notice),
      ended: (end, detail) => {
        if (this.#session === session) this.#session = null;
        over.resolve({ end, detail });
      },
    });
    const answer = await this.#bindOn(session);
    if (answer.kind !== 'bound') {
      session.destroy();
      const status = answer.kind === 'refused' ? answer.status : null;
      return this.#refused(status, `${host}:${port}`, systemId);
    }
    // It may have ended in the same read that answered the bind.
    if (session.bound) this.#bound(session);
    const { end, detail } = await over.promise;
    this.#listener.event({ kind: 'disconnected', bind: this.#bind, role: this.role, end, detail });
    return { trouble: `${host}:${port} ${ENDS[end]}${detail === null ? '' : ` (${detail})`}.`, final: false };
  }

  /** @returns the connection, or the code of what stood in the way. */
  async #connect(): Promise<Awaited<ReturnType<Dial>> | string> {
    const { clock, dial } = this.#deps;
    const late = new AbortController();
    const timer = clock.after(this.#config.responseTimeoutMs, () => late.abort());
    try {
      return await dial(this.#config, AbortSignal.any([late.signal, this.#closing.signal]));
    } catch (error) {
      return errorCode(error);
    } finally {
      timer.cancel();
    }
  }

  async #bindOn(session: Session): Promise<BindAnswer> {
    const giveUp = () => session.destroy();
    this.#closing.signal.addEventListener('abort', giveUp);
    if (this.#closing.signal.aborted) giveUp();
    const answer = await session.bind(this.role, this.#config);
    this.#closing.signal.removeEventListener('abort', giveUp);
    return answer;
  }

  #bound(session: Session): void {
    this.#session = session;
    this.#listener.event({ kind: 'bound', bind: this.#bind, role: this.role });
    this.#listener.changed();
  }

  #refused(status: number | null, where: string, systemId: string): Setback {
    const final = status !== null && endsBinding(status);
    const name = status === null ? null : statusName(status);
    this.#listener.event({ kind: 'bind_refused', bind: this.#bind, role: this.role, status: name, final });
    if (name === null) return { trouble: `${where} did not answer the bind.`, final };
    const refusal = `${where} refused to bind ${systemId} as ${this.role}: ${name}.`;
    return { trouble: final ? `${refusal} Check system_id, password and system_type.` : refusal, final };
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer: Timer = this.#deps.clock.after(ms, resolve);
      this.#wakeUp = () => {
        timer.cancel();
        resolve();
      };
    });
  }
}

const ENDS: Readonly<Record<SessionEnd, string>> = {
  closed: 'was left',
  unbound: 'ended the session',
  hung_up: 'closed the connection',
  broken: 'lost the connection',
  silent: 'gave no sign of life',
  garbled: 'sent a PDU of an impossible length',
};
