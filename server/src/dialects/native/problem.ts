import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import {
  type ErrorCode,
  type ErrorDetails,
  type Fault,
  type LimitName,
  PassbellError,
  type Refusal,
} from '../../errors.ts';
import type { Log } from '../../observe/log.ts';
import { limitReachedFields } from '../rate-limit-fields.ts';
import { CONFLICTS, REFUSED_DESTINATIONS } from './refusal-sentences.ts';

/** What can be wrong with a request before anyone reads what it asks for. */
type EdgeCode = 'malformed_request' | 'body_too_large' | 'unsupported_media_type' | 'method_not_allowed';

/** The closed list of `code`s of this API. */
export type ProblemCode = ErrorCode | EdgeCode;

/** RFC 9457 problem details, as they go out. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ProblemCode;
  /** The fields at fault; empty where it is not about fields. */
  readonly errors: readonly Fault[];
  readonly request_id: string;
}

/** What each code is answered with. */
export const PROBLEMS: Readonly<Record<ProblemCode, { readonly status: number; readonly title: string }>> = {
  malformed_request: { status: 400, title: 'The request cannot be read' },
  unauthorized: { status: 401, title: 'No valid key' },
  credits_exhausted: { status: 402, title: 'Not enough credits' },
  forbidden: { status: 403, title: 'Not allowed' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'Method not allowed' },
  conflict: { status: 409, title: 'Conflict' },
  verification_ended: { status: 409, title: 'The verification has ended' },
  idempotency_in_flight: { status: 409, title: 'The first request with this key is still running' },
  body_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The body is of a type that is not read here' },
  invalid_request: { status: 422, title: 'The request has faults' },
  destination_refused: { status: 422, title: 'This number is not sent to' },
  idempotency_mismatch: { status: 422, title: 'The idempotency key was used for another request' },
  rate_limited: { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something went wrong here' },
  channel_unavailable: { status: 503, title: 'The channel is not available' },
  unavailable: { status: 503, title: 'Not available now' },
};

const DETAILS: { readonly [C in ErrorCode]: (detail: ErrorDetails[C]) => string } = {
  invalid_request: ({ faults }) => `Mend ${faults.length === 1 ? 'the field' : 'the fields'} named in errors.`,
  unauthorized: ({ reason }) => {
    switch (reason) {
      case 'missing':
        return 'Send a key: Authorization: Bearer <key>.';
      case 'malformed':
        return 'The Authorization header holds no key, or one that was mistyped.';
      case 'unknown':
        return 'Nobody has this key.';
      case 'revoked':
        return 'This key was revoked.';
    }
  },
  forbidden: ({ reason }) => {
    switch (reason) {
      case 'account_disabled':
        return 'The account is disabled. Its operator can enable it.';
      case 'csrf':
        return 'The request came from a foreign page.';
      case 'test_key_only':
        return 'This needs a test key.';
      case 'live_key_only':
        return 'This needs a live key.';
      case 'operator_only':
        return 'This is for the operator.';
    }
  },
  not_found: ({ what }) => `There is no such ${what}.`,
  conflict: (detail) => `"${detail.field}" ${conflictFault(detail).message}.`,
  credits_exhausted: ({ pool, missing }) => `${missing} more ${pool} credits are needed.`,
  destination_refused: ({ reason }) => `The number ${REFUSED_DESTINATIONS[reason]}.`,
  verification_ended: ({ state }) => `It is ${state.replaceAll('_', ' ')}: start a new verification.`,
  rate_limited: ({ limit, retryAfterMs }) => `${TOO_MUCH[limit]} Try again in ${seconds(retryAfterMs)} s.`,
  idempotency_mismatch: () => 'Use a new Idempotency-Key for a new request.',
  idempotency_in_flight: () => 'Wait for its answer, or ask again later with the same key.',
  channel_unavailable: ({ channel, reason }) =>
    reason === 'not_built' ? `This server does not speak ${channel}.` : `No carrier for ${channel} is set up.`,
  // A store that went away in the middle may have done it.
  unavailable: ({ reason }) =>
    reason === 'store'
      ? 'Whether it was done is not known: ask again with the same Idempotency-Key.'
      : 'Nothing was done. Try again shortly.',
  internal: () => 'It was logged under the request id.',
};

const TOO_MUCH: Readonly<Record<LimitName, string>> = {
  number: 'Too many codes were sent to this number.',
  address: 'Too many codes were asked for from this address.',
  country: 'Too many codes were sent to this country over this channel.',
  account: 'Too many codes were sent by this account.',
  sign_in: 'Too many sign-ins failed.',
  failures: 'Too many wrong codes were given.',
  resend: 'The code was sent a moment ago.',
};

/** A problem of the closed list, with the header fields that belong to it. */
export function problemOf(
  error: PassbellError,
  requestId: string,
): { problem: Problem; headers: Record<string, string> } {
  const refusal = { code: error.code, detail: error.detail } as Refusal;
  const detail = (DETAILS[error.code] as (detail: ErrorDetails[ErrorCode]) => string)(error.detail);
  return { problem: problem(error.code, detail, requestId, faultsOf(refusal)), headers: headersOf(refusal) };
}

/** The fields that a refusal is about. */
function faultsOf(refusal: Refusal): readonly Fault[] {
  switch (refusal.code) {
    case 'invalid_request':
      return refusal.detail.faults;
    case 'conflict':
      return [conflictFault(refusal.detail)];
    case 'destination_refused':
      return [{ field: 'to', message: REFUSED_DESTINATIONS[refusal.detail.reason] }];
    default:
      return [];
  }
}

function conflictFault({ field, reason }: ErrorDetails['conflict']): Fault {
  return { field, message: CONFLICTS.get(reason) ?? reason.replaceAll('_', ' ') };
}

/** What to send in place of a body that cannot be read: sentences for people. */
export interface BodyCures {
  readonly malformed: string;
  readonly tooLarge: string;
  readonly otherType: string;
}

const JSON_BODIES: BodyCures = {
  malformed: 'The body must be one JSON object, without a key `__proto__`.',
  tooLarge: 'Send a smaller body.',
  otherType: 'Send JSON, with "Content-Type: application/json".',
};

/**
 * Answers every error of a scope as problem details: for `setErrorHandler`. What nobody foresaw (`internal`, or not on the closed
 * list) is logged, by the route's pattern and never by its URL, and told to nobody.
 */
export function answersProblems(log: Log, bodies: BodyCures = JSON_BODIES) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    if (error instanceof PassbellError && error.code !== 'internal') return sendError(reply, request, error);
    const edge = edgeProblem(error as Partial<FastifyError>, request.id, bodies);
    if (edge !== undefined) return send(reply, edge);
    log.error(
      'request_failed',
      { method: request.method, route: request.routeOptions.url ?? null, request_id: request.id },
      // What a store refused: where that came from tells more than where it was passed on.
      (error instanceof PassbellError && error.cause) || error,
    );
    return sendError(reply, request, new PassbellError('internal', {}));
  };
}

export function sendError(reply: FastifyReply, request: FastifyRequest, error: PassbellError): FastifyReply {
  const { problem, headers } = problemOf(error, request.id);
  return send(reply.headers(headers), problem);
}

/** Answers 405 (RFC 9110 §15.5.6) with the methods there are. */
export function sendNotAllowed(reply: FastifyReply, request: FastifyRequest, allowed: readonly string[]): FastifyReply {
  const methods = allowed.join(', ');
  return send(
    reply.header('allow', methods),
    problem('method_not_allowed', `Here one can ${methods}.`, request.id, []),
  );
}

function send(reply: FastifyReply, body: Problem): FastifyReply {
  return reply.code(body.status).type('application/problem+json').send(JSON.stringify(body));
}

function problem(code: ProblemCode, detail: string, requestId: string, errors: readonly Fault[]): Problem {
  const { status, title } = PROBLEMS[code];
  return { type: `urn:passbell:problem:${code}`, title, status, detail, code, errors, request_id: requestId };
}

/** Fastify's own refusals, by its error codes: a body that is of another type, too long, cut off. */
function edgeProblem(
  { code = '', statusCode = 500 }: Partial<FastifyError>,
  requestId: string,
  bodies: BodyCures,
): Problem | undefined {
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return problem('body_too_large', bodies.tooLarge, requestId, []);
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return problem('unsupported_media_type', bodies.otherType, requestId, []);
    default:
      // Fastify's parser of JSON throws plain SyntaxErrors, which it gives a status.
      return statusCode >= 400 && statusCode < 500
        ? problem('malformed_request', bodies.malformed, requestId, [])
        : undefined;
  }
}

function headersOf(refusal: Refusal): Record<string, string> {
  switch (refusal.code) {
    case 'unauthorized':
      return { 'www-authenticate': 'Bearer' };
    case 'rate_limited':
      return { 'retry-after': `${seconds(refusal.detail.retryAfterMs)}`, ...limitReachedFields(refusal.detail) };
    case 'unavailable':
    case 'idempotency_in_flight':
      return { 'retry-after': '1' };
    default:
      return {};
  }
}

/** Whole seconds, never too few. */
function seconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}
