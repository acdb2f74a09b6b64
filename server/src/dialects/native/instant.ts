import { Type } from '@sinclair/typebox';
import { PassbellError } from '../../errors.ts';
import { parseUtc } from '../utc-instant.ts';

const MUST = 'be a time, as in 2026-01-31T09:30:00Z';

/** A field of a query that is a time, and may be left out. */
export function instant(description: string) {
  return Type.Optional(Type.String({ maxLength: 40, must: MUST, description }));
}

/** Such a field as milliseconds since the epoch. @throws {PassbellError} `invalid_request`. */
export function instantOf(field: string, text: string): number {
  const at = parseUtc(text);
  if (at !== null) return at;
  throw new PassbellError('invalid_request', { faults: [{ field, message: `must ${MUST}` }] });
}
