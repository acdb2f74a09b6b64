import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';

/** The npm package `smpp` has no types; this is what is used of it. */
interface Pdu {
  readonly sequence_number: number;
  readonly destination_addr: string;
  readonly source_addr: string;
  readonly registered_delivery: number;
  response(fields?: Record<string, unknown>): Pdu;
}
interface Session {
  on(event: string, listener: (pdu: Pdu) => void): void;
  send(pdu: Pdu): void;
  deliver_sm(fields: Record<string, unknown>, onAnswer: (answer: { command_status: number }) => void): void;
  destroy(): void;
}
interface Server {
  listen(port: number, host: string, done: () => void): void;
  address(): AddressInfo;
  close(done?: () => void): void;
}
const smpp = createRequire(import.meta.url)('smpp') as {
  createServer(options: object, onSession: (session: Session) => void): Server;
};

/** One message that reached the SMSC. */
export interface Submission {
  readonly to: string;
  /** `Date.now()` when it arrived. */
  readonly at: number;
}

/** An SMSC that this project did not write (npm `smpp`), in the test's own process: it outlives every kill of the service. */
export interface CountingSmsc {
  readonly port: number;
  readonly submissions: readonly Submission[];
  /** Arrivals by destination number, without `+`. */
  byNumber(): ReadonlyMap<string, readonly Submission[]>;
  close(): Promise<void>;
}

/**
 * Answers every submit_sm at once, and where a receipt is asked for reports DELIVRD a moment later, on any session that is open.
 * A receipt is kept until it is acknowledged, and delivered again at the next bind, as an SMSC does.
 *
 * @param port where carriers look for it already; left out: a free one
 */
export async function startCountingSmsc(port = 0): Promise<CountingSmsc> {
  const submissions: Submission[] = [];
  const sessions = new Set<Session>();
  const kept = new Set<Record<string, unknown>>();
  let serial = 0;

  function deliver(session: Session, fields: Record<string, unknown>): void {
    session.deliver_sm(fields, (answer) => {
      if (answer.command_status === 0) kept.delete(fields);
    });
  }

  function report(fields: Record<string, unknown>): void {
    kept.add(fields);
    const [open] = sessions;
    if (open !== undefined) deliver(open, fields);
  }

  const server = smpp.createServer({}, (session) => {
    const gone = () => sessions.delete(session);
    session.on('bind_transceiver', (pdu) => {
      session.send(pdu.response());
      sessions.add(session);
      for (const fields of kept) deliver(session, fields);
    });
    session.on('submit_sm', (pdu) => {
      submissions.push({ to: pdu.destination_addr, at: Date.now() });
      const id = (++serial).toString(16).toUpperCase().padStart(8, '0');
      session.send(pdu.response({ message_id: id }));
      if (pdu.registered_delivery === 0) return;
      const text = `id:${id} sub:001 dlvrd:001 submit date:2601311020 done date:2601311020 stat:DELIVRD err:000 text:`;
      const from = pdu.destination_addr;
      setImmediate(report, { source_addr: from, destination_addr: pdu.source_addr, esm_class: 4, short_message: text });
    });
    session.on('enquire_link', (pdu) => session.send(pdu.response()));
    session.on('unbind', (pdu) => {
      sessions.delete(session);
      session.send(pdu.response());
    });
    session.on('close', gone);
    session.on('error', gone);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port: server.address().port,
    submissions,
    byNumber() {
      const map = new Map<string, Submission[]>();
      for (const one of submissions) {
        const earlier = map.get(one.to);
        if (earlier === undefined) map.set(one.to, [one]);
        else earlier.push(one);
      }
      return map;
    },
    close() {
      for (const session of sessions) session.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
