import type { Clock } from '../../../values/clock.ts';
import type { Authenticator } from './digest.ts';
import type { SipRequest, SipResponse } from './message/sip-message.ts';
import type { ClientTransaction, SipStack } from './stack.ts';
import type { Target } from './transport/target.ts';

export interface ExchangeDeps {
  readonly stack: Pick<SipStack, 'request'>;
  /** Null: a challenge cannot be answered. */
  readonly auth: Authenticator | null;
}

/** Challenges of one request that are answered: the first, and one more for a nonce that had just run out. */
const MOST_TRIES = 2;

/** With the credentials that the far end asked for, in place of those that it may have had. */
export function authorized(request: SipRequest, auth: Authenticator | null): SipRequest {
  const headers = request.headers.without('Authorization').without('Proxy-Authorization');
  const fresh = auth?.headers(request.method, request.uri) ?? [];
  return { ...request, headers: fresh.reduce((all, [name, value]) => all.add(name, value), headers) };
}

/** Whether a response asks for credentials, and sending the request again with `authorized` can help. */
export function canAuthorize(response: SipResponse, auth: Authenticator | null, tries: number): boolean {
  const { status } = response;
  if (auth === null || (status !== 401 && status !== 407) || tries >= MOST_TRIES) return false;
  return auth.challenged(response, tries);
}

/**
 * A request that is not an INVITE, and its final answer; `timeout` comes after timer F, 32 s.
 * @param build the request; called again, for one with the next number, when it has to be sent with credentials.
 */
export function exchange(
  deps: ExchangeDeps,
  build: () => SipRequest,
  target: Target,
  done: (answer: SipResponse | 'timeout' | 'transport') => void,
): Pick<ClientTransaction, 'abandon'> {
  let transaction: ClientTransaction;
  const send = (tries: number): void => {
    transaction = deps.stack.request(authorized(build(), deps.auth), target, {
      response(response) {
        if (response.status < 200) return;
        if (canAuthorize(response, deps.auth, tries)) send(tries + 1);
        else done(response);
      },
      lost: done,
    });
  };
  send(0);
  return { abandon: () => transaction.abandon() };
}

/** The same, for those who wait for the answer no longer than `ms`. */
export function answerWithin(
  ms: number,
  clock: Clock,
  ...[deps, build, target]: [deps: ExchangeDeps, build: () => SipRequest, target: Target]
): Promise<SipResponse | 'timeout' | 'transport'> {
  return new Promise((resolve) => {
    const asked = exchange(deps, build, target, (answer) => {
      timer.cancel();
      resolve(answer);
    });
    const timer = clock.after(ms, () => {
      asked.abandon();
      resolve('timeout');
    });
  });
}
