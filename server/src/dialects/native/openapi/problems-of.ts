import type { Method } from '../endpoint.ts';
import type { Operation } from '../operation.ts';
import type { ProblemCode } from '../problem.ts';

/** Any request may be answered so: its key is looked at, its query may hold what is not known, and the store may be down. */
const OF_ALL: readonly ProblemCode[] = ['unauthorized', 'forbidden', 'invalid_request', 'internal', 'unavailable'];
/** Of methods with which a body is read, wanted or not. */
const OF_BODIES: readonly ProblemCode[] = ['malformed_request', 'body_too_large', 'unsupported_media_type'];
const OF_IDEMPOTENCY: readonly ProblemCode[] = ['idempotency_in_flight', 'idempotency_mismatch'];

/** All that an operation may be refused with: what it says itself, and what is true of every one like it. */
export function problemsOf<Who>(method: Method, operation: Operation<Who>, params: readonly string[]): ProblemCode[] {
  const { idempotent = false, problems } = operation;
  return [
    ...new Set<ProblemCode>([
      ...OF_ALL,
      ...(method === 'GET' ? [] : OF_BODIES),
      ...(params.length === 0 ? [] : ['not_found' as const]),
      ...(idempotent ? OF_IDEMPOTENCY : []),
      ...problems,
    ]),
  ].sort();
}
