/** SMPP 3.4 §5.1.2.1: the commands that a client of an SMSC needs answered. A response is its request with the top bit set. */
export const Command = {
  genericNack: 0x80000000,
  bindReceiver: 0x00000001,
  bindTransmitter: 0x00000002,
  submitSm: 0x00000004,
  deliverSm: 0x00000005,
  deliverSmResp: 0x80000005,
  unbind: 0x00000006,
  bindTransceiver: 0x00000009,
  enquireLink: 0x00000015,
} as const;

export const HEADER = 16;
const RESPONSE = 0x80000000;
const INVALID_COMMAND = 0x00000003;
const NUL = '\0';

/** Longest PDU taken from a client; anything longer is a framing fault. */
export const LONGEST = 4096;

/** Ids are ten decimal digits, in answers and receipts alike, so that no client has to convert between bases. */
export const FIRST_MESSAGE_ID = 1_000_000_000;
export const SUBMIT_ANSWER = HEADER + 11;

/** Writes a submit_sm_resp at `at`; returns where the next PDU goes. */
export function writeSubmitAnswer(out: Buffer, at: number, sequence: number, messageId: number): number {
  writeHeader(out, at, SUBMIT_ANSWER, Command.submitSm + RESPONSE, 0, sequence);
  out.write(`${messageId}${NUL}`, at + HEADER, 'latin1');
  return at + SUBMIT_ANSWER;
}

/** The answer to anything but a submit_sm; null when the PDU is itself an answer. */
export function plainAnswer(command: number, sequence: number): Buffer | null {
  switch (command) {
    case Command.bindReceiver:
    case Command.bindTransmitter:
    case Command.bindTransceiver:
      return pdu(command + RESPONSE, 0, sequence, `BENCH${NUL}`);
    case Command.enquireLink:
    case Command.unbind:
      return pdu(command + RESPONSE, 0, sequence, '');
    default:
      return command >= RESPONSE ? null : pdu(Command.genericNack, INVALID_COMMAND, sequence, '');
  }
}

/** Who a submit_sm goes from and to (§4.4.1): after service_type, each address is TON, NPI and a C string. */
export function addresses(frame: Buffer): { readonly from: string; readonly to: string } {
  const from = frame.indexOf(0, HEADER) + 3;
  const fromEnd = frame.indexOf(0, from);
  const to = fromEnd + 3;
  return { from: frame.toString('latin1', from, fromEnd), to: frame.toString('latin1', to, frame.indexOf(0, to)) };
}

/** A delivery receipt (§5.3.1, appendix B): the text form that every client reads, and the TLVs that the better ones prefer. */
export function deliveredReceipt(sequence: number, messageId: number, from: string, to: string, time: string): Buffer {
  const text = `id:${messageId} sub:001 dlvrd:001 submit date:${time} done date:${time} stat:DELIVRD err:000 text:`;
  const receiptEsmClass = '\x04';
  return pdu(
    Command.deliverSm,
    0,
    sequence,
    `${NUL}\x01\x01${to}${NUL}\x05\x00${from}${NUL}${receiptEsmClass}\0\0\0\0\0\0\0\0${String.fromCharCode(text.length)}${text}` +
      `\x00\x1e\x00\x0b${messageId}${NUL}\x04\x27\x00\x01\x02`,
  );
}

/** YYMMDDhhmm in UTC, as receipts carry it. */
export function receiptTime(now: Date): string {
  return now.toISOString().replace(/\D/g, '').slice(2, 12);
}

export function pdu(command: number, status: number, sequence: number, body: string): Buffer {
  const out = Buffer.allocUnsafe(HEADER + body.length);
  writeHeader(out, 0, out.length, command, status, sequence);
  out.write(body, HEADER, 'latin1');
  return out;
}

function writeHeader(out: Buffer, at: number, length: number, command: number, status: number, sequence: number): void {
  out.writeUInt32BE(length, at);
  out.writeUInt32BE(command, at + 4);
  out.writeUInt32BE(status, at + 8);
  out.writeUInt32BE(sequence, at + 12);
}
