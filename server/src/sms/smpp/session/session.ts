import type { Duplex } from 'node:stream';
import type { Clock, Timer } from '../../../values/clock.ts';
import { bindCommand, type Credentials, type Role, writeBind } from '../pdu/bind.ts';
import { COMMAND, commandName, GENERIC_NACK, RESPONSE } from '../pdu/command.ts';
import { readDataSm, readDeliverSm, readMessageId } from '../pdu/deliver-sm.ts';
import { HEADER } from '../pdu/framer.ts';
import { MalformedPdu, PduReader } from '../pdu/pdu-reader.ts';
import { STATUS } from '../pdu/status.ts';
import { type SubmitProfile, type SubmitSm, writeSubmitSm } from '../pdu/submit-sm.ts';
import type { BindAnswer, SessionEnd, SessionLimits, SessionListener } from './session-listener.ts';
import { type Reply, Window } from './window.ts';
import { Wire } from './wire.ts';

/** One SMPP 3.4 session over one connection, from bind to unbind. Whatever the far end sends, nothing is thrown. */
export class Session {
  readonly #limits: SessionLimits;
  readonly #clock: Clock;
  readonly #listener: SessionListener;
  readonly #window: Window;
  readonly #wire: Wire;
  readonly #reader = new PduReader();
  #state: 'open' | 'bound' | 'leaving' | 'ended' = 'open';
  /** `free` has changed, and the listener was not told yet. */
  #changed = false;
  #probing = false;
  #reads = 0;
  #heardAt: number;
  #beat: Timer | null = null;

  constructor(socket: Duplex, limits: SessionLimits, clock: Clock, listener: SessionListener) {
    this.#limits = limits;
    this.#clock = clock;
    this.#listener = listener;
    this.#heardAt = clock.elapsed();
    this.#window = new Window(clock, limits.responseTimeoutMs, (count) => this.#unanswered(count));
    this.#wire = new Wire(socket, clock, {
      pdu: (octets, from, to) => this.#pdu(octets, from, to),
      read: () => this.#read(),
      flushed: () => this.#window.flushed(),
      garbled: () => this.#garbled(),
      gone: (detail) => this.#end(detail === null ? 'hung_up' : 'broken', detail),
    });
  }

  get bound(): boolean {
    return this.#state === 'bound';
  }

  /** How many messages may be submitted now. */
  get free(): number {
    return this.#state === 'bound' ? Math.max(0, this.#limits.window - this.#window.size) : 0;
  }

  /** The first thing to do on a session. */
  bind(role: Role, who: Credentials): Promise<BindAnswer> {
    return new Promise((resolve) => {
      const sequence = this.#ask(bindCommand(role), {
        answered: (status) => {
          if (status !== STATUS.ESME_ROK) return resolve({ kind: 'refused', status });
          // At once, not when the promise is awaited: a receipt may follow in the same read.
          if (this.#state === 'open') this.#state = 'bound';
          this.#beat = this.#clock.after(this.#limits.enquireIntervalMs, () => this.#keepAlive());
          resolve({ kind: 'bound' });
        },
        lost: () => resolve({ kind: 'no_answer' }),
      });
      if (sequence > 0) writeBind(this.#wire.out, sequence, role, who);
    });
  }

  /** Submits one message. The caller has seen `free` > 0. */
  submit(sm: SubmitSm, profile: SubmitProfile, reply: Reply): void {
    const sequence = this.#ask(COMMAND.submit_sm, reply);
    if (sequence > 0) writeSubmitSm(this.#wire.out, sequence, sm, profile);
  }

  /** Asks for a sign of life now. @returns whether one came in time. */
  enquire(): Promise<boolean> {
    return new Promise((resolve) => {
      const sequence = this.#ask(COMMAND.enquire_link, { answered: () => resolve(true), lost: () => resolve(false) });
      if (sequence > 0) this.#wire.bare(COMMAND.enquire_link, STATUS.ESME_ROK, sequence);
    });
  }

  /** Takes leave, and ends the session when that is answered, or not in time. What is still open is then given up. */
  unbind(): void {
    if (this.#state !== 'bound') {
      this.destroy();
      return;
    }
    this.#state = 'leaving';
    const done = () => this.#leave('closed');
    const sequence = this.#ask(COMMAND.unbind, { answered: done, lost: done });
    this.#wire.bare(COMMAND.unbind, STATUS.ESME_ROK, sequence);
  }

  /** Ends the session at once; what was not sent yet is not sent. */
  destroy(): void {
    this.#end('closed', null);
  }

  /** @returns the sequence number; 0 when there is nobody left to ask, and `reply` has been told. */
  #ask(command: number, reply: Reply): number {
    if (this.#state === 'ended') {
      reply.lost(false);
      return 0;
    }
    this.#wire.wake();
    return this.#window.open(command, reply);
  }

  #pdu(octets: Buffer, from: number, to: number): boolean {
    if (this.#state === 'ended') return false;
    const command = octets.readUInt32BE(from + 4);
    const status = octets.readUInt32BE(from + 8);
    const sequence = octets.readUInt32BE(from + 12);
    this.#reader.reset(octets, from + HEADER, to);
    try {
      if (command >= RESPONSE) this.#response(command, status, sequence);
      else this.#request(command, sequence);
    } catch (error) {
      if (!(error instanceof MalformedPdu)) throw error;
      this.#malformed(command, error);
      if (command < RESPONSE) this.#answer(command, error.status, sequence);
    }
    return true;
  }

  #response(command: number, status: number, sequence: number): void {
    const nack = command === GENERIC_NACK;
    const reply = this.#window.take(sequence, nack ? null : command - RESPONSE);
    if (reply === null) {
      this.#listener.noticed({ kind: 'stray_answer', command: commandName(command) });
      return;
    }
    this.#changed = true;
    if (nack) reply.answered(status === STATUS.ESME_ROK ? STATUS.ESME_RINVCMDID : status, null);
    else if (status !== STATUS.ESME_ROK || command - RESPONSE !== COMMAND.submit_sm) reply.answered(status, null);
    else reply.answered(status, this.#messageId());
    this.#leaveIfDone();
  }

  /** The message was taken, whatever its id looks like: without one it can only not be reported on. */
  #messageId(): string | null {
    try {
      return readMessageId(this.#reader);
    } catch (error) {
      if (!(error instanceof MalformedPdu)) throw error;
      this.#malformed(COMMAND.submit_sm + RESPONSE, error);
      return null;
    }
  }

  #request(command: number, sequence: number): void {
    switch (command) {
      case COMMAND.enquire_link:
        this.#wire.bare(COMMAND.enquire_link + RESPONSE, STATUS.ESME_ROK, sequence);
        break;
      case COMMAND.deliver_sm:
      case COMMAND.data_sm:
        this.#delivered(command, sequence);
        break;
      case COMMAND.unbind:
        this.#wire.bare(COMMAND.unbind + RESPONSE, STATUS.ESME_ROK, sequence);
        // What is on its way may yet be answered, or else times out: the outcome of a message is worth the wait.
        this.#state = 'leaving';
        this.#changed = true;
        this.#leaveIfDone();
        break;
      case COMMAND.alert_notification:
        this.#listener.noticed({ kind: 'alert' });
        break;
      default:
        this.#answer(command, STATUS.ESME_RINVCMDID, sequence);
    }
  }

  #delivered(command: number, sequence: number): void {
    if (this.#state === 'open') {
      this.#answer(command, STATUS.ESME_RINVBNDSTS, sequence);
      return;
    }
    const message = command === COMMAND.deliver_sm ? readDeliverSm(this.#reader) : readDataSm(this.#reader);
    this.#listener.delivered(message, (status) => this.#answer(command, status, sequence));
  }

  /** Answers a request; one that has no answer of its own gets a generic_nack. */
  #answer(command: number, status: number, sequence: number): void {
    if (this.#state === 'ended') return;
    if (command !== COMMAND.deliver_sm && command !== COMMAND.data_sm) {
      this.#wire.bare(GENERIC_NACK, status, sequence);
      return;
    }
    const { out } = this.#wire;
    out.begin(command + RESPONSE, status, sequence, HEADER + 1);
    out.u8(0); // message_id: empty
    out.end();
    this.#wire.wake();
  }

  #malformed(command: number, { message }: MalformedPdu): void {
    this.#listener.noticed({ kind: 'malformed', command: commandName(command), what: message });
  }

  #read(): void {
    this.#reads += 1;
    this.#heardAt = this.#clock.elapsed();
    this.#tellChanged();
  }

  #garbled(): void {
    if (this.#state === 'ended') return;
    // What was not sent yet goes to another session: its last word is the nack.
    this.#wire.discard();
    this.#wire.bare(GENERIC_NACK, STATUS.ESME_RINVCMDLEN, 0);
    this.#end('garbled', null);
  }

  #keepAlive(): void {
    const { enquireIntervalMs } = this.#limits;
    const quiet = this.#clock.elapsed() - this.#heardAt;
    const due = quiet >= enquireIntervalMs;
    if (due) this.#probe();
    this.#beat = this.#clock.after(due ? enquireIntervalMs : enquireIntervalMs - quiet, () => this.#keepAlive());
  }

  #probe(): void {
    if (this.#probing) return;
    this.#probing = true;
    const reads = this.#reads;
    void this.enquire().then((answered) => {
      this.#probing = false;
      // Any word since then will do: what matters is whether somebody is there.
      if (!answered && this.#reads === reads) this.#end('silent', null);
    });
  }

  #unanswered(count: number): void {
    this.#listener.noticed({ kind: 'unanswered', count });
    // Slow, or gone? A half-open connection is found within a response time-out, not an enquire interval.
    if (this.#state === 'bound') this.#probe();
    this.#changed = true;
    this.#leaveIfDone();
    this.#tellChanged();
  }

  #tellChanged(): void {
    if (!this.#changed || this.#state === 'ended') return;
    this.#changed = false;
    this.#listener.changed();
  }

  #leaveIfDone(): void {
    if (this.#state === 'leaving' && this.#window.size === 0) this.#leave('unbound');
  }

  #leave(end: 'closed' | 'unbound'): void {
    if (this.#state !== 'ended') this.#wire.flush();
    this.#end(end, null);
  }

  #end(end: SessionEnd, detail: string | null): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#beat?.cancel();
    this.#window.abandon();
    if (end === 'garbled') this.#wire.flush();
    if (end === 'broken' || end === 'silent') this.#wire.destroy();
    else this.#wire.close();
    this.#listener.ended(end, detail);
  }
}
