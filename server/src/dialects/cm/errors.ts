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

/** The body of every failure. The vendor's has `message` alone. */
export interface FailureBody {
  readonly message: string;
  readonly errors?: readonly Fault[];
}

/** From the closed list to this dialect's statuses and sentences. */
const FAILURES: { readonly [C in ErrorCode]: (detail: ErrorDetails[C]) => Failure } = {
  invalid_request: ({ faults }) => ({ status: 400, message: faulty(faults[0]), faults }),
  // Word for word the vendor's, whatever the reason.
  unauthorized: () => ({
    status: 401,
    message: 'Unauthorized',
    headers: { 'www-authenticate': 'X-CM-PRODUCTTOKEN realm="passbell"' },
  }),
  forbidden: ({ reason }) => ({ status: 403, message: FORBIDDEN[reason] }),
  not_found: ({ what }) => ({ status: 404, message: `There is no such ${what}.` }),
  conflict: ({ field, reason }) => ({ status: 409, message: `${field}: ${reason}` }),
  credits_exhausted: ({ pool, missing }) => ({
    status: 402,
    message: `Not enough ${CREDITS[pool]} credits: ${missing} more ${missing === 1 ? 'is' : 'are'} needed.`,
  }),
  destination_refused: ({ reason }) => ({ status: 403, message: REFUSED[reason] }),
  verification_ended: ({ state }) => ({ status: 409, message: `This verification has ended: ${state}.` }),
  rate_limited: ({ limit, retryAfterMs }) => tooSoon(LIMITED[limit], retryAfterMs),
  idempotency_mismatch: () => ({ status: 409, message: 'This idempotency key was used with another request.' }),
  idempotency_in_flight: () => ({ status: 409, message: 'The first request with this idempotency key is under way.' }),
  channel_unavailable: ({ channel, reason }) => ({ status: 503, message: CHANNEL[reason](channel) }),
  unavailable: ({ reason }) => ({ status: 503, message: UNAVAILABLE[reason], headers: { 'retry-after': '1' } }),
  internal: () => ({ status: 500, message: 'Something went wrong on our side.' }),
};

const FORBIDDEN = {
  account_disabled: 'This account is disabled.',
  csrf: 'The request came from a foreign page.',
  test_key_only: 'This works with a test token only.',
  live_key_only: 'This works with a live token only.',
  operator_only: 'This is for operators only.',
} as const;

const CREDITS = { sms: 'SMS', voice: 'phone' } as const;

const REFUSED: Readonly<Record<DestinationRefusal, string>> = {
  country: "Calls to this number's country are not allowed for this account.",
  premium: 'This is a premium-rate number: it is not called.',
  shared_cost: 'This is a shared-cost number: it is not called.',
  satellite: 'This is a satellite or international network number: it is not called.',
  short: 'This is a short number: it is not called.',
  emergency: 'This is an emergency number: it is not called.',
  not_dialable: 'This kind of number is not called.',
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
  no_carrier: (channel: Channel) =>
    channel === 'voice' ? 'No trunk is ready to take calls now.' : 'No carrier is ready to take SMS now.',
} as const;

const UNAVAILABLE = {
  store: 'The service cannot take requests for the moment. Try again.',
  draining: 'This node is shutting down. Try again.',
  overloaded: 'The service is at its limit. Try again.',
  speech: 'The prompts cannot be spoken for the moment. Try again.',
} as const;

export function failureOf<C extends ErrorCode>(error: PassbellError<C>): Failure {
  return FAILURES[error.code](error.detail);
}

export function failureBody({ message, faults }: Failure): FailureBody {
  return faults === undefined ? { message } : { message, errors: faults };
}

function faulty(fault: Fault | undefined): string {
  return fault === undefined ? 'The request is not valid.' : `${fault.field}: ${fault.message}`;
}
