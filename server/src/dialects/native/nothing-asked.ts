import { Type } from '@sinclair/typebox';
import { emptyBody } from './empty-body.ts';
import { reads, refuseFaults } from './reads.ts';

const emptyQuery = reads(Type.Object({}, { additionalProperties: false }));

/** Of operations that take no query. @throws {PassbellError} `invalid_request`, with the fields of one. */
export function refuseQuery(query: unknown): void {
  emptyQuery(query ?? {});
}

/** Of operations that take no body; an empty object is as good as none. @throws {PassbellError} `invalid_request`, with its fields. */
export function refuseBody(body: unknown): void {
  // A file has millions of octets, each of which would be a field.
  if (!(body instanceof Uint8Array)) emptyBody(body ?? {});
  else if (body.length > 0) refuseFaults([{ field: 'body', message: 'must be left out' }]);
}
