import type {
  Channel,
  DestinationRefusal,
  ErrorCode,
  ErrorDetails,
  Fault,
  LimitName,
  PassbellError,
} from '../../errors.ts';
import { type Failure, tooSoon } from '../failure.ts';

/** The body of every failure: the vendor's envelope. 401 adds `detail`, which some of its clients read instead. */
export interface FailureBody {
  readonly detail?: string;
  readonly status: number;
  readonly success: false;
  readonly message: string;
  readonly errors: readonly Fault[];
  readonly data: Readonly<Record<string, never>>;
}

/** From the closed list to this dialect's statuses and sentences. */
const FAILURES: { readonly [C in ErrorCode]: (detail: ErrorDetails[C]) => Failure } = {
  invalid_request: ({ faults }) => ({
    status: 400,
    message: faults[0]?.message ?? 'The request is not valid.',
    faults,
  }),
  unauthorized: ({ reason }) => ({
    status: 401,
    message: UNAUTHORIZED[reason].message,
    headers: { 'www-authenticate': `Bearer realm="passbell"${UNAUTHORIZED[reason].challenge}` },
  }),
  forbidden: ({ reason }) => ({ status: 403, message: FORBIDDEN[reason] }),
  not_found: ({ what }) => ({ status: 404, message: `There is no such ${what}.` }),
  conflict: ({ field, reason }) => ({ status: 409, message: reason, faults: [{ field, message: reason }] }),
  credits_exhausted: ({ pool, missing }) => ({
    status: 402,
    message: `Not enough ${CREDITS[pool]} credits: ${missing} more ${missing === 1 ? 'is' : 'are'} needed.`,
  }),
  destination_refused: ({ reason }) => ({ status: 403, message: REFUSED[reason] }),
  verification_ended: ({ state }) => ({ status: 409, message: `This verification has ended: ${state}.` }),
  rate_limited: ({ limit, retryAfterMs }) => tooSoon(LIMITED[limit], retryAfterMs),
  idempotency_mismatch: () => ({ status: 422, message: 'This idempotency key was used with another request.' }),
  idempotency_in_flight: () => ({ status: 409, message: 'The first request with this idempotency key is under way.' }),
  channel_unavailable: ({ channel, reason }) => ({ status: 503, message: CHANNEL[reason](channel) }),
  unavailable: ({ reason }) => ({ status: 503, message: UNAVAILABLE[reason], headers: { 'retry-after': '1' } }),
  internal: () => ({ status: 500, message: 'Something went wrong on our side.' }),
};

const UNAUTHORIZED = {
  missing: { message: 'Authentication credentials were not provided.', challenge: '' },
  malformed: {
    message: 'Send exactly one Authorization header, of the form "Bearer <API token>".',
    challenge: ', error="invalid_request"',
  },
  unknown: { message: 'The API token or session is not known, or has run out.', challenge: ', error="invalid_token"' },
  revoked: { message: 'The API token was revoked. Use the newest one.', challenge: ', error="invalid_token"' },
} as const;

const FORBIDDEN = {
  account_disabled: 'This account is disabled.',
  csrf: 'A request by session cookie must come from a page under the public URL of this service, or from a program that sends "X-Requested-With".',
  test_key_only: 'This works with a test token only.',
  live_key_only: 'This works with a live token only.',
  operator_only: 'This is for operators only.',
} as const;

const CREDITS = { sms: 'SMS', voice: 'phone' } as const;

const REFUSED: Readonly<Record<DestinationRefusal, string>> = {
  country: "Codes to this number's country are not allowed for this account.",
  premium: 'This is a premium-rate number: codes are not sent to it.',
  shared_cost: 'This is a shared-cost number: codes are not sent to it.',
  satellite: 'This is a satellite or international network number: codes are not sent to it.',
  short: 'This is a short number: codes are not sent to it.',
  emergency: 'This is an emergency number: codes are not sent to it.',
  not_dialable: 'Codes cannot be sent to this kind of number.',
};

const LIMITED: Readonly<Record<LimitName, string>> = {
  number: 'Too many codes were asked for this number.',
  account: 'This account asked for too many codes.',
  address: "Too many codes were asked from this end user's address.",
  country: 'This account asked for too many codes to this country.',
  failures: 'Too many wrong codes were given for this number.',
  resend: 'The code was sent a moment ago.',
  sign_in: 'Too many sign-ins failed.',
};

const CHANNEL = {
  not_built: (channel: Channel) =>
    `${channel === 'voice' ? 'Voice calls are' : 'SMS is'} not available on this service.`,
  no_carrier: (channel: Channel) => `No carrier is ready to take ${channel === 'voice' ? 'voice calls' : 'SMS'} now.`,
} as const;

const UNAVAILABLE = {
  store: 'The service cannot take requests for the moment. Try again.',
  draining: 'This node is shutting down. Try again.',
  overloaded: 'The service is at its limit. Try again.',
  speech: 'The service cannot speak for the moment. Try again.',
} as const;

export function failureOf<C extends ErrorCode>(error: PassbellError<C>): Failure {
  return FAILURES[error.code](error.detail);
}

export function failureBody({ status, message, faults = [] }: Failure): FailureBody {
  const body: FailureBody = { status, success: false, message, errors: faults, data: {} };
  return status === 401 ? { detail: message, ...body } : body;
}
