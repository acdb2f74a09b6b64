import type { Clock } from '../../../../values/clock.ts';
import type { CallEnd } from '../../call-engine.ts';
import type { MediaSession } from '../../rtp/media.ts';
import { bye } from '../dialog/bye.ts';
import type { Dialog } from '../dialog/dialog.ts';
import type { NextHop } from '../dialog/next-hop.ts';
import type { ExchangeDeps } from '../exchange.ts';
import type { SipRequest } from '../message/sip-message.ts';
import type { OwnSession } from '../sdp/own-session.ts';
import type { Reply, Respond } from '../stack.ts';
import type { Target } from '../transport/target.ts';
import { contentType, infoKey } from './info-key.ts';
import { ALLOW, SDP_TYPE } from './invite.ts';
import { completedEnd } from './outcome.ts';

export interface ConversationDeps extends ExchangeDeps {
  readonly clock: Clock;
  readonly nextHop: NextHop;
}

export interface ConversationParts {
  readonly dialog: Dialog;
  /** Where the INVITE went. */
  readonly first: Target;
  readonly session: OwnSession;
  readonly media: MediaSession;
  /** Our own address, as the INVITE named it. */
  readonly contact: string;
  /** How long it may last, ms. */
  readonly talkMs: number;
  /** A key came in an INFO. */
  key(key: string): void;
  /** Said once. @param at when it ended, ms since the epoch: when we hung up, not when the far end had understood. */
  over(end: CallEnd, at: number): void;
}

/** A call that was answered. */
export interface Conversation {
  owns(request: SipRequest): boolean;
  /** Takes a request of the far end that is `owns`. */
  take(request: SipRequest, respond: Respond): void;
  hangUp(): void;
}

/** A BYE that is not answered goes on being sent until timer F, 32 s; nobody waits for that. */
const BYE_MS = 5_000;

export function conversation(deps: ConversationDeps, parts: ConversationParts): Conversation {
  const { clock, nextHop } = deps;
  const { dialog, first, session, media, contact } = parts;
  let phase: 'talking' | 'leaving' | 'over' = 'talking';
  const cap = clock.after(parts.talkMs, hangUp);

  function hangUp(): void {
    if (phase !== 'talking') return;
    phase = 'leaving';
    cap.cancel();
    media.close();
    const at = clock.now();
    const left = () => finish(completedEnd(null), at);
    const late = clock.after(BYE_MS, left);
    void nextHop(dialog.hop(), first).then((target) =>
      bye(deps, dialog, target, () => {
        late.cancel();
        left();
      }),
    );
  }

  function finish(end: CallEnd, at: number): void {
    if (phase === 'over') return;
    phase = 'over';
    cap.cancel();
    media.close();
    parts.over(end, at);
  }

  function reply(request: SipRequest): Reply {
    if (!dialog.inOrder(request)) return { status: 500, reason: 'Out of order' };
    switch (request.method) {
      case 'BYE':
        finish(completedEnd(request.headers), clock.now());
        return { status: 200 };
      case 'INVITE':
      case 'UPDATE':
        return phase === 'talking' ? negotiate(request) : { status: 481 };
      case 'INFO':
        return info(request);
      case 'OPTIONS':
        return optionsReply();
      default:
        return { status: 405, headers: [['Allow', ALLOW]] };
    }
  }

  /** A hold, a move, or the refresh of a session timer (RFC 4028), which looks the same. */
  function negotiate(request: SipRequest): Reply {
    const headers: Reply['headers'] = [
      ['Contact', contact],
      ['Allow', ALLOW],
    ];
    const sdp: Reply['headers'] = [...headers, ['Content-Type', SDP_TYPE]];
    if (request.body.length === 0) {
      dialog.refresh(request);
      // An INVITE that offers nothing wants our offer (RFC 3261 §14.2); its ACK brings the answer.
      return request.method === 'INVITE'
        ? { status: 200, headers: sdp, body: session.offer() }
        : { status: 200, headers };
    }
    if (contentType(request) !== SDP_TYPE) return { status: 415, headers: [['Accept', SDP_TYPE]] };
    const answer = session.answer(request.body);
    // The call goes on as it was (RFC 3261 §14.1).
    if (answer === null) return { status: 488 };
    dialog.refresh(request);
    media.update(answer.remote);
    return { status: 200, headers: sdp, body: answer.body };
  }

  function info(request: SipRequest): Reply {
    const key = infoKey(request);
    if (key !== null && phase === 'talking') parts.key(key);
    return key !== null || request.body.length === 0 ? { status: 200 } : { status: 415 };
  }

  function acknowledged({ body }: SipRequest): void {
    const remote = body.length === 0 || phase !== 'talking' ? null : session.readAnswer(body);
    if (remote !== null) media.update(remote);
  }

  return {
    owns: (request) => dialog.owns(request),
    take(request, respond) {
      if (request.method === 'ACK') acknowledged(request);
      else respond(reply(request));
    },
    hangUp,
  };
}

/** What we are able to do (RFC 3261 §11.2); inside a call and outside. */
export function optionsReply(): Reply {
  return {
    status: 200,
    headers: [
      ['Allow', ALLOW],
      ['Accept', SDP_TYPE],
    ],
  };
}
