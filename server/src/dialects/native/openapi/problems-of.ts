import type { Method } from '../endpoint.ts';
import type { Operation } from '../operation.ts';
import type { ProblemCode } from '../problem.ts';

/** Any request may be answered so: its key is looked at, and the store may be down. */
const OF_ALL: readonly ProblemCode[] = ['unauthorized', 'forbidden', 'internal', 'unavailable'];
/** Of methods with which a body is read, wanted or not. */
const OF_BODIES: readonly ProblemCode[] = [
  'malformed_request',
  'body_too_large',
  'unsupported_media_type',
  'invalid_request',
];
const OF_IDEMPOTENCY: readonly ProblemCode[] = ['invalid_request', 'idempotency_in_flight', 'idempotency_mismatch'];

/** All that an operation may be refused with: what it says itself, and what is true of every one like it. */
export function problemsOf<Who>(method: Method, operation: Operation<Who>, params: readonly string[]): ProblemCode[] {
  const { query, idempotent = false, problems } = operation;
  return [
    ...new Set<ProblemCode>([
      ...OF_ALL,
      ...(method === 'GET' ? [] : OF_BODIES),
      ...(query === undefined ? [] : ['invalid_request' as const]),
      ...(params.length === 0 ? [] : ['not_found' as const]),
      ...(idempotent ? OF_IDEMPOTENCY : []),
      ...problems,
    ]),
  ].sort();
}
