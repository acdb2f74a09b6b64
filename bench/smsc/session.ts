import type { Socket } from 'node:net';
import { monotonicMicros } from '../measure/clock.ts';
import {
  addresses,
  Command,
  deliveredReceipt,
  FIRST_MESSAGE_ID,
  HEADER,
  LONGEST,
  plainAnswer,
  receiptTime,
  SUBMIT_ANSWER,
  writeSubmitAnswer,
} from './pdu.ts';
import type { Tally } from './tally.ts';

export interface SessionOptions {
  /** Send a receipt (DELIVRD) for every message, right after its answer. */
  readonly receipts: boolean;
  /** How many receipts may wait for their deliver_sm_resp; the rest queue here. */
  readonly receiptWindow: number;
}

type Later = (arrived: number, release: (now: number) => void) => void;

/** Serves one client: every read is parsed to its last whole PDU and answered with one write. */
export function serveSession(socket: Socket, options: SessionOptions, tally: Tally, later: Later): void {
  const owed: { readonly id: number; readonly from: string; readonly to: string }[] = [];
  let owedHead = 0;
  let unanswered = 0;
  let sequence = 0;
  let rest: Buffer = Buffer.alloc(0);

  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    const arrived = monotonicMicros();
    const data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const submits: Buffer[] = [];
    let at = 0;
    while (data.length - at >= HEADER) {
      const length = data.readUInt32BE(at);
      if (length < HEADER || length > LONGEST) return void socket.destroy();
      if (data.length - at < length) break;
      const frame = data.subarray(at, at + length);
      if (frame.readUInt32BE(4) === Command.submitSm) submits.push(frame);
      else answerOther(frame);
      at += length;
    }
    rest = data.subarray(at);
    if (submits.length > 0) takeSubmits(submits, arrived);
    if (unanswered < options.receiptWindow) sendReceipts();
  });

  function answerOther(frame: Buffer): void {
    const command = frame.readUInt32BE(4);
    if (command === Command.deliverSmResp) {
      unanswered -= 1;
      tally.receiptAnswers += 1;
      return;
    }
    if (command === Command.bindTransceiver || command === Command.bindTransmitter) tally.binds += 1;
    const answer = plainAnswer(command, frame.readUInt32BE(12));
    if (answer) socket.write(answer);
    if (command === Command.unbind) socket.end();
  }

  function takeSubmits(frames: readonly Buffer[], arrived: number): void {
    const answers = Buffer.allocUnsafe(frames.length * SUBMIT_ANSWER);
    const receipts: { id: number; from: string; to: string }[] = [];
    let at = 0;
    for (const frame of frames) {
      const id = FIRST_MESSAGE_ID + tally.submits;
      tally.submits += 1;
      at = writeSubmitAnswer(answers, at, frame.readUInt32BE(12), id);
      if (!options.receipts && !tally.arrivals) continue;
      const { from, to } = addresses(frame);
      if (options.receipts) receipts.push({ id, from, to });
      if (tally.arrivals && !tally.arrivals.has(to)) tally.arrivals.set(to, arrived);
    }
    later(arrived, (now) => {
      tally.answers += frames.length;
      tally.delay += (now - arrived) * frames.length;
      if (!socket.destroyed) socket.write(answers);
      for (const receipt of receipts) owed.push(receipt);
      sendReceipts();
    });
  }

  function sendReceipts(): void {
    if (owedHead === owed.length || socket.destroyed) return;
    const time = receiptTime(new Date());
    const out: Buffer[] = [];
    for (let next = owed[owedHead]; next && unanswered < options.receiptWindow; next = owed[owedHead]) {
      owedHead += 1;
      unanswered += 1;
      sequence += 1;
      out.push(deliveredReceipt(sequence, next.id, next.from, next.to, time));
    }
    if (owedHead > 4096) {
      owed.splice(0, owedHead);
      owedHead = 0;
    }
    tally.receipts += out.length;
    if (out.length > 0) socket.write(Buffer.concat(out));
  }
}
