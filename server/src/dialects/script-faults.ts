import { isError, PassbellError } from '../errors.ts';
import type { ScriptField } from '../voice/script.ts';

/**
 * Passes on what `work` resolves to; where the sound of a script could not be made, with the faults under the names that the dialect's own
 * callers know: they never wrote a script.
 */
export async function namingFields<T>(work: Promise<T>, names: Readonly<Record<ScriptField, string>>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!isError(error, 'invalid_request')) throw error;
    const faults = error.detail.faults.map(({ field, message }) => {
      return { field: Object.hasOwn(names, field) ? names[field as ScriptField] : field, message };
    });
    throw new PassbellError('invalid_request', { faults });
  }
}
