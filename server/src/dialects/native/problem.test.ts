import { describe, expect, it } from 'vitest';
import { PassbellError } from '../../errors.ts';
import { problemOf } from './problem.ts';

describe('a refusal names the field that it is about, and what to do:', () => {
  it('a conflict', () => {
    const { problem } = problemOf(new PassbellError('conflict', { field: 'key', reason: 'too_many_keys' }), '1');
    expect(problem).toMatchObject({
      ...{ status: 409, code: 'conflict', detail: '"key" would be one too many: end a key first.' },
      errors: [{ field: 'key', message: 'would be one too many: end a key first' }],
    });
  });

  it('a conflict that has no sentence yet, in the words of its reason', () => {
    const { problem } = problemOf(new PassbellError('conflict', { field: 'x', reason: 'is_so_and_so' }), '1');
    expect(problem.errors).toEqual([{ field: 'x', message: 'is so and so' }]);
  });

  it('a number of a country that the account does not send to', () => {
    const { problem } = problemOf(new PassbellError('destination_refused', { reason: 'country' }), '1');
    expect(problem).toMatchObject({ status: 422, code: 'destination_refused' });
    expect(problem.errors).toMatchObject([{ field: 'to', message: expect.stringContaining('`countries`') }]);
    expect(problem.detail).toContain('country');
  });
});
