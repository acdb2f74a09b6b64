import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { follow } from '../../handset/follow.ts';
import type { Handset } from '../../handset/handset.ts';
import { messageId, messageJson } from './handset-wire.ts';

export interface MessageEvents {
  readonly handset: Pick<Handset, 'messages' | 'next'>;
  readonly accountId: string;
  /** Rejects when the reader may not read any more (key revoked, session ended): asked before each message. */
  readonly mayRead: () => Promise<unknown>;
  /** Ends the stream. */
  readonly signal: AbortSignal;
}

/**
 * Answers with the account's messages as server-sent events (WHATWG HTML §9.2): `event: message`, `id` and the message as JSON
 * in `data`; a comment when it is quiet, so that proxies and readers can tell a silent line from a dead one. A reader that comes
 * back with `Last-Event-ID` gets what it missed.
 */
export async function sendMessageEvents(
  request: FastifyRequest,
  reply: FastifyReply,
  events: MessageEvents,
): Promise<FastifyReply> {
  const after = messageId(request.headers['last-event-id']?.toString());
  const messages = await follow(events.handset, events.accountId, after, events.signal);

  async function* lines(): AsyncGenerator<string> {
    yield 'retry: 1000\n\n';
    for await (const message of messages) {
      if (!(await allowed())) return;
      if (message === null) {
        yield ': quiet\n\n';
        continue;
      }
      const json = messageJson(message);
      yield `event: message\nid: ${json.id}\ndata: ${JSON.stringify(json)}\n\n`;
    }
  }

  async function allowed(): Promise<boolean> {
    try {
      await events.mayRead();
      return true;
    } catch {
      return false;
    }
  }

  return reply
    .header('content-type', 'text/event-stream; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('x-accel-buffering', 'no')
    .send(Readable.from(lines()));
}
