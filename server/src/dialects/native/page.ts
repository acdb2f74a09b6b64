import { Type } from '@sinclair/typebox';
import { PassbellError } from '../../errors.ts';
import type { Id } from '../../values/id.ts';
import { reads } from './reads.ts';

/** A page that was asked for. */
export interface PageQuery {
  /** 1 … 100. */
  readonly limit: number;
  /** The id of the last one seen; null: from the newest on. */
  readonly after: Id | null;
}

/** A list as it goes out: newest first, stable while others are added. `next_cursor` is null on the last page. */
export interface Page<T> {
  readonly data: readonly T[];
  readonly next_cursor: string | null;
}

const DEFAULT_LIMIT = 20;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const readQuery = reads(
  Type.Object(
    {
      limit: Type.Optional(Type.String({ pattern: '^([1-9][0-9]?|100)$', must: 'be a whole number from 1 to 100' })),
      cursor: Type.Optional(Type.String({ maxLength: 100, must: 'be the next_cursor of an earlier page' })),
    },
    { additionalProperties: false },
  ),
);

/** @throws {PassbellError} `invalid_request`. */
export function pageQuery(query: unknown): PageQuery {
  const { limit, cursor } = readQuery(query);
  const after = cursor === undefined ? null : Buffer.from(cursor, 'base64url').toString('latin1');
  if (after !== null && !UUID.test(after)) {
    const message = 'must be the next_cursor of an earlier page';
    throw new PassbellError('invalid_request', { faults: [{ field: 'cursor', message }] });
  }
  return { limit: limit === undefined ? DEFAULT_LIMIT : Number(limit), after };
}

/** The page that starts `found`, which has one more than fits where there is a next page. */
export function pageOf<T, J>(
  found: readonly T[],
  { limit }: PageQuery,
  id: (item: T) => Id,
  json: (item: T) => J,
): Page<J> {
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  return {
    data: shown.map(json),
    // An id, wrapped: clients should hand it back, not read it.
    next_cursor: found.length > limit && last !== undefined ? Buffer.from(id(last)).toString('base64url') : null,
  };
}
