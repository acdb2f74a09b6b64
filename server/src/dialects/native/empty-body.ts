import { Type } from '@sinclair/typebox';
import { reads } from './reads.ts';

/** Of operations that need none: an empty object may be sent, or nothing (`bodyOptional`). */
export const emptyBody = reads(
  Type.Object({}, { additionalProperties: false, must: 'be an empty object, or left out' }),
);
