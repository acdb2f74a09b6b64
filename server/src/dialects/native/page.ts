import { type TSchema, Type } from '@sinclair/typebox';
import { PassbellError } from '../../errors.ts';
import { type Id, isId } from '../../values/id.ts';
import { type Reads, reader, reads } from './reads.ts';

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
const CURSOR = 'be the next_cursor of an earlier page';

/** How a query asks for a page. */
export const pageFields = {
  limit: Type.Optional(
    Type.String({
      pattern: '^([1-9][0-9]?|100)$',
      description: 'How many, 1 to 100; 20 unless said.',
      examples: ['20'],
      must: 'be a whole number from 1 to 100',
    }),
  ),
  cursor: Type.Optional(
    Type.String({
      maxLength: 100,
      description: 'The `next_cursor` of the page before; left out: from the newest on.',
      must: CURSOR,
    }),
  ),
};

const readQuery = reads(Type.Object(pageFields, { additionalProperties: false }));

/** @throws {PassbellError} `invalid_request`. */
export const pageQuery: Reads<PageQuery> = reader(readQuery.schema, (query: unknown) => pageAsked(readQuery(query)));

/** A page of what `item` describes, as an answer. */
export function pageSchema<S extends TSchema>(item: S) {
  return Type.Object(
    {
      data: Type.Array(item),
      next_cursor: Type.Union([Type.String(), Type.Null()], {
        description: 'What `cursor` asks for the next page with; null on the last one.',
      }),
    },
    { additionalProperties: false },
  );
}

/** @throws {PassbellError} `invalid_request`: a cursor that is none. */
export function pageAsked({ limit, cursor }: { readonly limit?: string; readonly cursor?: string }): PageQuery {
  const after = cursor === undefined ? null : Buffer.from(cursor, 'base64url').toString('latin1');
  if (after !== null && !isId(after)) throw noSuchCursor();
  return { limit: limit === undefined ? DEFAULT_LIMIT : Number(limit), after };
}

/** A cursor that no page of this list ended with. */
export function noSuchCursor(): PassbellError {
  return new PassbellError('invalid_request', { faults: [{ field: 'cursor', message: `must ${CURSOR}` }] });
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
