import { type Dial, dial as dialOut } from '../../net/dial.ts';
import type { Clock } from '../../values/clock.ts';
import type { Random } from '../../values/random.ts';
import type { Carrier, CarrierStatus, OutboundSms, PartResult } from '../carrier.ts';
import type { SmppConfig } from './config.ts';
import { noticeEvent, type SmppEvent } from './events.ts';
import { outgoing } from './message/outgoing.ts';
import { Outbox } from './outbox.ts';
import type { Role } from './pdu/bind.ts';
import { type Delivered, isReceipt } from './pdu/deliver-sm.ts';
import { STATUS } from './pdu/status.ts';
import { RateLimiter } from './rate-limiter.ts';
import { readReceipt } from './receipt/receipt.ts';
import { ReceiptDesk } from './receipt/receipt-desk.ts';
import { Link } from './session/link.ts';
import { Submission, Submit } from './submission.ts';
import { Tally } from './tally.ts';

export interface SmppCarrierDeps {
  readonly clock: Clock;
  readonly random: Random;
  /** Told what an operator may want to know. */
  readonly events?: (event: SmppEvent) => void;
  /** How connections are opened; tests put an SMSC of their own there. */
  readonly dial?: Dial;
}

/** A number that is none goes nowhere: as if an SMSC had said so. */
const UNDIALABLE: PartResult = { outcome: 'refused', code: STATUS.ESME_RINVDSTADR, retry: 'never' };

/**
 * An SMSC, reached over SMPP 3.4. It keeps its binds up by itself and spreads messages over them. What it is handed beyond the
 * windows and the rate waits inside, and comes back as `not_sent` when no bind is left.
 */
export function smppCarrier(name: string, config: SmppConfig, deps: SmppCarrierDeps): Carrier {
  const { clock, random, events = () => {}, dial = dialOut } = deps;
  const tally = new Tally(clock, events);
  const limiter = new RateLimiter(clock, config.rate);
  const desk = new ReceiptDesk((count) => tally.add({ kind: 'receipts_refused', count }), settled);
  const links = roles(config).map((role, i) => {
    const listener = {
      changed,
      delivered,
      noticed: (notice: Parameters<typeof noticeEvent>[0]) => tally.add(noticeEvent(notice)),
      event: events,
    };
    return new Link(i + 1, role, config, { clock, random, dial }, listener);
  });
  const outbox = new Outbox({ links, profile: config, limiter, clock, tokens: announce });
  const watch = { left: submitLeft, over: submitOver };
  const freeListeners: (() => void)[] = [];
  let started = false;
  let closed = false;
  let unanswered = 0;
  let idle = () => {};

  function changed(): void {
    if (!started && !closed && links.some((link) => link.bound)) startAll();
    outbox.pump();
    announce();
  }

  function startAll(): void {
    started = true;
    for (const link of links) link.start();
  }

  function announce(): void {
    for (const listener of freeListeners) listener();
  }

  function delivered(message: Delivered, answer: (status: number) => void): void {
    const receipt = isReceipt(message) ? readReceipt(message, config, clock.now()) : null;
    if (receipt !== null) {
      desk.take(receipt, answer);
      return;
    }
    tally.add({ kind: isReceipt(message) ? 'unreadable_receipt' : 'mobile_originated', count: 1 });
    answer(STATUS.ESME_ROK);
  }

  function submitLeft(): void {
    unanswered += 1;
  }

  function submitOver(throttledSince: number | null): void {
    unanswered -= 1;
    const rate = throttledSince === null ? null : limiter.refused(throttledSince);
    if (rate !== null) events({ kind: 'throttled', rate });
    settled();
  }

  function settled(): void {
    if (unanswered === 0 && desk.open === 0) idle();
  }

  function send(sms: OutboundSms, signal: AbortSignal): Promise<readonly PartResult[]> {
    if (closed || signal.aborted || !outbox.open)
      return Promise.resolve(sms.parts.map(() => ({ outcome: 'not_sent' })));
    const submits = outgoing(sms, config, clock.now());
    if (submits === null) return Promise.resolve(sms.parts.map(() => UNDIALABLE));
    return new Promise((resolve) => {
      const drop = () => outbox.drop(submission);
      let waits = false;
      const submission = new Submission(sms.parts.length, submits.length, (results) => {
        if (waits) signal.removeEventListener('abort', drop);
        resolve(results);
      });
      const whole = submits.length < sms.parts.length;
      submits.forEach((sm, i) => {
        outbox.add(new Submit(sm, submission, whole ? null : i, watch));
      });
      outbox.pump();
      waits = outbox.waiting > 0 && submission.open;
      if (waits) signal.addEventListener('abort', drop);
    });
  }

  function status(): CarrierStatus {
    const trouble = closed ? 'It was closed.' : currentTrouble();
    if (closed || !outbox.open) return { state: 'down', free: 0, trouble };
    return { state: trouble === null ? 'up' : 'degraded', free: outbox.free, trouble };
  }

  function currentTrouble(): string | null {
    for (const { trouble } of links) if (trouble !== null) return trouble;
    if (!limiter.throttled) return null;
    return `The SMSC is throttling: it gets ${Math.round(limiter.rate ?? 0)} messages a second for now.`;
  }

  async function close(graceMs: number): Promise<void> {
    closed = true;
    outbox.close();
    const grace = Promise.withResolvers<void>();
    idle = grace.resolve;
    const timer = clock.after(graceMs, grace.resolve);
    settled();
    await grace.promise;
    timer.cancel();
    await Promise.all(links.map((link) => link.close()));
    tally.flush();
  }

  // The first bind proves the credentials before the others follow: wrong ones must not lock the account at once.
  links[0]?.start();
  return {
    name,
    receipts: config.receipts,
    send,
    status,
    onFree: (listener) => freeListeners.push(listener),
    onReceipts: (listener) => desk.onReceipts(listener),
    close,
  };
}

function roles({ mode, binds }: SmppConfig): readonly Role[] {
  const each: readonly Role[] = mode === 'transceiver' ? ['transceiver'] : ['transmitter', 'receiver'];
  return Array.from({ length: binds }, () => each).flat();
}
