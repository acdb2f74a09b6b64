import { lookup } from 'node:dns/promises';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { dialTcp, errorCode, startTls } from '../../net/dial.ts';
import type { Clock } from '../../values/clock.ts';
import { systemClock } from '../../values/clock.ts';
import { encodeSms } from '../encode.ts';
import { bindCure, connectCure, submitCure, tlsCure } from './check-cures.ts';
import type { SmppConfig } from './config.ts';
import { outgoing } from './message/outgoing.ts';
import type { Role } from './pdu/bind.ts';
import { STATUS, statusName } from './pdu/status.ts';
import { Session } from './session/session.ts';

export type CheckStepName = 'resolve' | 'connect' | 'tls' | 'bind' | 'enquire_link' | 'submit' | 'unbind';

/** One step of a check: what was found, what should have been, and what to do where the two differ. */
export interface CheckStep {
  readonly step: CheckStepName;
  /** Null for steps that are the same for all roles. */
  readonly role: Role | null;
  readonly ok: boolean;
  readonly found: string;
  readonly expected: string;
  /** A sentence for people; null when nothing is to be mended. */
  readonly cure: string | null;
}

export interface CheckReport {
  readonly ok: boolean;
  /** In order, up to the first that failed. */
  readonly steps: readonly CheckStep[];
}

export interface CheckOptions {
  /** E.164 with `+`: sends one message there. Without it nothing is sent. */
  readonly to?: string;
  readonly clock?: Clock;
}

/** Shows on the handset whether the SMSC takes our text for what it is: all of these differ between GSM-7, ASCII and Latin-1. */
export const TEST_TEXT = 'Passbell test: at _ underscore $ dollar é e-acute € euro: @_$é€';

/** How long a test message may wait for its phone, ms. */
const TEST_VALIDITY_MS = 10 * 60_000;

/** A step that failed; those behind it are not tried. */
class Failed extends Error {}

/**
 * Tries an SMSC step by step, the way its carrier would: resolve, connect, TLS, bind, enquire_link, unbind; each role on a
 * connection of its own. Never rejects, sends no message but to `to`, and says no password.
 */
export async function checkCarrier(config: SmppConfig, options: CheckOptions = {}): Promise<CheckReport> {
  const steps: CheckStep[] = [];
  const check = new Check(config, options.clock ?? systemClock, steps);
  try {
    await check.resolve();
    if (config.mode === 'transceiver') await check.session('transceiver', options.to);
    else {
      await check.session('transmitter', options.to);
      await check.session('receiver', undefined);
    }
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
  }
  return { ok: steps.every((step) => step.ok), steps };
}

class Check {
  readonly #config: SmppConfig;
  readonly #clock: Clock;
  readonly #steps: CheckStep[];

  constructor(config: SmppConfig, clock: Clock, steps: CheckStep[]) {
    this.#config = config;
    this.#clock = clock;
    this.#steps = steps;
  }

  async resolve(): Promise<void> {
    const { host } = this.#config;
    const expected = 'an address';
    try {
      const addresses = await lookup(host, { all: true });
      this.#passed('resolve', null, addresses.map(({ address }) => address).join(', '), expected);
    } catch (error) {
      this.#failed(
        'resolve',
        null,
        errorCode(error),
        expected,
        `Look at host, and at this machine's DNS: ${host} has no address.`,
      );
    }
  }

  /** Everything on one connection. */
  async session(role: Role, to: string | undefined): Promise<void> {
    const socket = await this.#connect(role);
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const session = new Session(socket, this.#config, this.#clock, {
      changed() {},
      delivered: (_, answer) => answer(STATUS.ESME_RMSGQFUL), // Not ours to take: the carrier gets it later.
      noticed() {},
      ended: () => end(),
    });
    try {
      await this.#bind(session, role);
      await this.#enquire(session, role);
      if (to !== undefined) await this.#submit(session, role, to);
      session.unbind();
      await ended;
      this.#passed('unbind', role, 'left', 'leave taken');
    } finally {
      session.destroy();
    }
  }

  async #connect(role: Role): Promise<Duplex> {
    const late = new AbortController();
    const timer = this.#clock.after(2 * this.#config.responseTimeoutMs, () => late.abort());
    try {
      const socket = await this.#tcp(role, late.signal);
      return this.#config.tls === null ? socket : await this.#tls(socket, role, late.signal);
    } finally {
      timer.cancel();
    }
  }

  async #tcp(role: Role, signal: AbortSignal): Promise<Socket> {
    const { host, port } = this.#config;
    const expected = `a connection to ${host}:${port}`;
    try {
      const socket = await dialTcp(this.#config, signal);
      this.#passed('connect', role, `${socket.remoteAddress}:${socket.remotePort}`, expected);
      return socket;
    } catch (error) {
      return this.#failed('connect', role, errorCode(error), expected, connectCure(errorCode(error)));
    }
  }

  async #tls(socket: Socket, role: Role, signal: AbortSignal): Promise<TLSSocket> {
    const { tls, host } = this.#config;
    if (tls === null) return this.#failed('tls', role, 'off', 'off', '');
    const expected = tls.insecure ? 'TLS with any certificate' : `TLS with a certificate for ${tls.servername ?? host}`;
    try {
      const secured = await startTls(socket, this.#config, tls, signal);
      const proof = secured.authorized ? 'certificate verified' : 'certificate NOT verified';
      this.#passed('tls', role, `${secured.getProtocol()}, ${proof}`, expected);
      return secured;
    } catch (error) {
      return this.#failed('tls', role, errorCode(error), expected, tlsCure(errorCode(error)));
    }
  }

  async #bind(session: Session, role: Role): Promise<void> {
    const answer = await session.bind(role, this.#config);
    const expected = statusName(STATUS.ESME_ROK);
    if (answer.kind === 'bound') this.#passed('bind', role, expected, expected);
    else {
      const status = answer.kind === 'refused' ? answer.status : null;
      this.#failed('bind', role, status === null ? 'no answer' : statusName(status), expected, bindCure(status, role));
    }
  }

  async #enquire(session: Session, role: Role): Promise<void> {
    const expected = `an answer within ${this.#config.responseTimeoutMs / 1_000} s`;
    if (await session.enquire()) this.#passed('enquire_link', role, 'answered', expected);
    else
      this.#failed(
        'enquire_link',
        role,
        'no answer',
        expected,
        'Something between here and the SMSC drops what is sent, or it is overloaded; ask its operator.',
      );
  }

  async #submit(session: Session, role: Role, to: string): Promise<void> {
    const expected = statusName(STATUS.ESME_ROK);
    const now = this.#clock.now();
    const sms = { id: 'check', accountId: '', to, from: null, text: TEST_TEXT, expiresAt: now + TEST_VALIDITY_MS };
    const submits = outgoing({ ...sms, ...encodeSms(TEST_TEXT, 0) }, this.#config, now);
    const [sm] = submits ?? [];
    if (sm === undefined)
      return this.#failed(
        'submit',
        role,
        'not a number',
        'a number in E.164',
        'Give the number with + and country code.',
      );
    const { status, messageId } = await new Promise<{ status: number | null; messageId: string | null }>((resolve) => {
      session.submit(sm, this.#config, {
        answered: (status, messageId) => resolve({ status, messageId }),
        lost: () => resolve({ status: null, messageId: null }),
      });
    });
    if (status === STATUS.ESME_ROK)
      this.#passed('submit', role, `${expected}, message id ${messageId ?? 'missing'}`, expected);
    else this.#failed('submit', role, status === null ? 'no answer' : statusName(status), expected, submitCure(status));
  }

  #passed(step: CheckStepName, role: Role | null, found: string, expected: string): void {
    this.#steps.push({ step, role, ok: true, found, expected, cure: null });
  }

  #failed(step: CheckStepName, role: Role | null, found: string, expected: string, cure: string): never {
    this.#steps.push({ step, role, ok: false, found, expected, cure });
    throw new Failed();
  }
}
