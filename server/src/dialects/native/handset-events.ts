import { Readable } from 'node:stream';
import { Type } from '@sinclair/typebox';
import type { CallChange, HandsetCalls } from '../../handset/calls/handset-calls.ts';
import { BEGINNING, follow } from '../../handset/follow.ts';
import type { Handset } from '../../handset/handset.ts';
import { merged } from '../../handset/merged.ts';
import type { HandsetMessage } from '../../handset/message.ts';
import { callJson } from './handset-calls-wire.ts';
import { type Position, positionOf, positionText } from './handset-position.ts';
import { messageJson, type Owner } from './handset-wire.ts';
import { type Operation, operation } from './operation.ts';

interface HandsetEvents {
  readonly handset: Pick<Handset, 'messages' | 'next'>;
  readonly calls: Pick<HandsetCalls, 'lastChange' | 'nextChange'>;
  readonly accountId: string;
  /** Rejects when the reader may not read any more (key revoked, session ended): asked before each event. */
  readonly mayRead: () => Promise<unknown>;
  /** Ends the stream. */
  readonly signal: AbortSignal;
}

/** A message, a call that changed, or null: nothing for 15 s. */
type News =
  | { readonly kind: 'message'; readonly message: HandsetMessage }
  | { readonly kind: 'call'; readonly change: CallChange }
  | null;

/** Keeps proxies from keeping events to themselves. */
const headers = { 'cache-control': 'no-store', 'x-accel-buffering': 'no' };

/** What happens at the account's sandbox phone, for whoever showed whose it is: `handsetEvents` says in which form. */
export function followHandset(phone: Pick<HandsetEvents, 'handset' | 'calls'>): Operation<Owner> {
  return operation({
    id: 'followHandset',
    summary: 'Follow the sandbox phone',
    description:
      'All that happens there, live: server-sent events (WHATWG HTML §9.2): `event: message` and `event: call`, with the message, or the call as it is then, as JSON in `data`; a comment after 15 quiet seconds.',
    tag: 'Sandbox phone',
    headers: {
      'last-event-id': Type.String({ description: 'The id of an event: what came after it is told first.' }),
    },
    answers: { 200: { description: 'Events, till either side ends it.', type: 'text/event-stream; charset=utf-8' } },
    async handle({ who, header, signal, identifyAgain }) {
      const events = { ...phone, accountId: who.account.id, mayRead: identifyAgain, signal: signal() };
      return { status: 200, body: await handsetEvents(header('last-event-id'), events), headers };
    },
  });
}

/**
 * What happens at the account's sandbox phone as server-sent events (WHATWG HTML §9.2): `event: message` and `event: call`, with the
 * message, or the call as it is now, as JSON in `data`; a comment when it is quiet, so that proxies and readers can tell a silent
 * line from a dead one. A reader that comes back with `Last-Event-ID` gets what it missed.
 */
async function handsetEvents(lastEventId: string | undefined, events: HandsetEvents): Promise<Readable> {
  let seen = positionOf(lastEventId) ?? (await newest(events));
  const ended = new AbortController();
  const signal = AbortSignal.any([events.signal, ended.signal]);

  async function* lines(): AsyncGenerator<string> {
    try {
      yield 'retry: 1000\n\n';
      for await (const news of merged(messageNews(events, seen, signal), callNews(events, seen, signal))) {
        if (!(await allowed())) return;
        seen = after(seen, news);
        yield written(news, seen);
      }
    } finally {
      ended.abort();
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

  return Readable.from(lines());
}

async function newest({ handset, calls, accountId }: HandsetEvents): Promise<Position> {
  const [messages, change] = await Promise.all([handset.messages(accountId, null, 1), calls.lastChange(accountId)]);
  return { message: messages[0]?.id ?? BEGINNING, change: change ?? BEGINNING };
}

async function* messageNews(
  { handset, accountId }: HandsetEvents,
  start: Position,
  signal: AbortSignal,
): AsyncGenerator<News> {
  const next = handset.next.bind(handset, accountId, null);
  for await (const message of follow(next, start.message, signal)) {
    yield message && { kind: 'message', message };
  }
}

/** That it is quiet is told beside the messages, once. */
async function* callNews(
  { calls, accountId }: HandsetEvents,
  start: Position,
  signal: AbortSignal,
): AsyncGenerator<News> {
  const next = calls.nextChange.bind(calls, accountId);
  for await (const change of follow(next, start.change, signal)) {
    if (change !== null) yield { kind: 'call', change };
  }
}

function after(seen: Position, news: News): Position {
  if (news === null) return seen;
  return news.kind === 'message' ? { ...seen, message: news.message.id } : { ...seen, change: news.change.id };
}

function written(news: News, seen: Position): string {
  if (news === null) return ': quiet\n\n';
  const json = news.kind === 'message' ? messageJson(news.message) : callJson(news.change.call);
  return `event: ${news.kind}\nid: ${positionText(seen)}\ndata: ${JSON.stringify(json)}\n\n`;
}
