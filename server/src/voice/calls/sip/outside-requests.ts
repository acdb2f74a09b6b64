import { type Conversation, optionsReply } from './call/conversation.ts';
import { ALLOW } from './call/invite.ts';
import { tagOf } from './message/name-addr.ts';
import type { Reply, RequestListener } from './stack.ts';

/**
 * Takes what a trunk asks of us: inside a call, the call answers; outside there is little to be had from one that only calls.
 * @param conversations by Call-ID.
 */
export function outsideRequests(conversations: ReadonlyMap<string, Conversation>): RequestListener {
  return (request, respond) => {
    const conversation = conversations.get(request.headers.get('Call-ID') ?? '');
    if (conversation?.owns(request) === true) conversation.take(request, respond);
    else if (request.method !== 'ACK') respond(strangersReply(request));
  };
}

function strangersReply({ method, headers }: Parameters<RequestListener>[0]): Reply {
  // Trunks ask so whether we are there, with a tag or without.
  if (method === 'OPTIONS') return optionsReply();
  // A dialog that is none, or no more (RFC 3261 §12.2.2).
  if (tagOf(headers.get('To')) !== null) return { status: 481 };
  // Somebody calls back the number that they saw.
  if (method === 'INVITE') return { status: 603 };
  return { status: 405, headers: [['Allow', ALLOW]] };
}
