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
import { limitReachedFields } from '../rate-limit-fields.ts';

/** A failure with the vendor's number for it. */
export interface OctopushFailure extends Failure {
  readonly code: number;
  /** Checks of a code that are left. */
  readonly remaining?: number;
}

/** The body of every failure, keys in the vendor's order. */
export interface FailureBody {
  readonly code: number;
  readonly message: string;
  readonly remaining_number_of_attempts?: number;
}

/** What cannot be read at all; the vendor's "request missing". */
const REQUEST_MISSING = 100;

/** What these two paths answer by themselves. From 194 on the messages are the vendor's, word for word; it has published no others. */
export const REFUSALS = {
  no_recipient: refusal(110, 'phone_number is required: a number with its country code, as in "+33611223344".'),
  no_number: refusal(117, 'phone_number is not a correct number: write + and the country code, as in "+33611223344".'),
  no_country: refusal(150, 'There is no country for this prefix: codes are not sent to it.', 403),
  duplicate: refusal(120, 'This request_id was used within the last 24 hours.'),
  no_subject: refusal(194, 'At least phone number or request token is mandatory.'),
  no_code: refusal(195, 'The code field is mandatory.'),
  no_attempts: refusal(196, 'Maximum amount of wrong attempts has been reached.'),
  expired: refusal(197, 'OTP Request expired.'),
  not_found: refusal(198, 'OTP Request not found.'),
} as const;

export type RefusalName = keyof typeof REFUSALS;

export function wrongCode(remaining: number): OctopushFailure {
  return { ...refusal(199, 'Wrong OTP code.'), remaining };
}

/** From the closed list to this dialect's statuses, codes and sentences. */
const FAILURES: { readonly [C in ErrorCode]: (detail: ErrorDetails[C]) => OctopushFailure } = {
  invalid_request: ({ faults }) => refusal(REQUEST_MISSING, faulty(faults[0])),
  // Whatever the reason: nobody learns which of the two was wrong.
  unauthorized: () => ({
    ...refusal(101, 'Incorrect login details.', 401),
    headers: { 'www-authenticate': 'api-key realm="passbell"' },
  }),
  forbidden: ({ reason }) => refusal(207, FORBIDDEN[reason], 403),
  not_found: ({ what }) => refusal(198, `There is no such ${what}.`, 404),
  conflict: ({ field, reason }) => refusal(REQUEST_MISSING, `${field}: ${reason}`, 409),
  credits_exhausted: ({ pool, missing }) =>
    refusal(104, `Not enough ${CREDITS[pool]} credits: ${missing} more ${missing === 1 ? 'is' : 'are'} needed.`, 402),
  destination_refused: ({ reason }) => REFUSED[reason],
  rate_limited: (reached) => limited(reached, tooSoon(LIMITED[reached.limit], reached.retryAfterMs)),
  verification_ended: ({ state }) => refusal(198, `This verification has ended: ${state}.`),
  idempotency_mismatch: () => REFUSALS.duplicate,
  idempotency_in_flight: () => REFUSALS.duplicate,
  channel_unavailable: ({ channel, reason }) => refusal(153, CHANNEL[reason](channel), 503),
  unavailable: ({ reason }) => ({ ...refusal(UNAVAILABLE[reason].code, UNAVAILABLE[reason].message, 503), ...SOON }),
  internal: () => refusal(500, 'Impossible to process: something went wrong on our side.', 500),
};

/** With what the native API has for it as well. */
function limited(reached: ErrorDetails['rate_limited'], { headers, ...failure }: Failure): OctopushFailure {
  return { code: 128, ...failure, headers: { ...headers, ...limitReachedFields(reached) } };
}

const SOON = { headers: { 'retry-after': '1' } } as const;

const FORBIDDEN = {
  account_disabled: 'This account is disabled.',
  csrf: 'The request came from a foreign page.',
  test_key_only: 'This works with a test key only.',
  live_key_only: 'This works with a live key only.',
  operator_only: 'This is for operators only.',
} as const;

const CREDITS = { sms: 'SMS', voice: 'phone' } as const;

const REFUSED: Readonly<Record<DestinationRefusal, OctopushFailure>> = {
  country: refusal(151, "Codes to this number's country are not allowed for this account.", 403),
  premium: refusal(114, 'This is a premium-rate number: codes are not sent to it.', 403),
  shared_cost: refusal(114, 'This is a shared-cost number: codes are not sent to it.', 403),
  satellite: REFUSALS.no_country,
  short: refusal(117, 'This is a short number: codes are not sent to it.'),
  emergency: refusal(117, 'This is an emergency number: codes are not sent to it.'),
  not_dialable: refusal(117, 'Codes cannot be sent to this kind of number.'),
};

const LIMITED: Readonly<Record<LimitName, string>> = {
  number: 'Too many codes were asked for this number.',
  account: 'This account asked for too many codes.',
  address: 'Too many codes were asked from this recipient_ip.',
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
  store: { code: 500, message: 'Impossible to process for the moment. Try again.' },
  draining: { code: 500, message: 'This node is shutting down. Try again.' },
  overloaded: { code: 153, message: 'The service is at its limit. Try again.' },
  speech: { code: 153, message: 'The text cannot be spoken for the moment. Try again.' },
} as const;

export function failureOf<C extends ErrorCode>(error: PassbellError<C>): OctopushFailure {
  return FAILURES[error.code](error.detail);
}

/** @param failure without a code where no route of this dialect was reached, or no body could be read */
export function failureBody({
  message,
  code = REQUEST_MISSING,
  remaining,
}: Failure & Partial<OctopushFailure>): FailureBody {
  return { code, message, ...(remaining !== undefined && { remaining_number_of_attempts: remaining }) };
}

function refusal(code: number, message: string, status = 400): OctopushFailure {
  return { status, code, message };
}

function faulty(fault: Fault | undefined): string {
  return fault === undefined ? 'The request is not valid.' : `${fault.field}: ${fault.message}`;
}
