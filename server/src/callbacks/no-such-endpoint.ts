import { PassbellError } from '../errors.ts';

/** It never was, or was removed while it was asked for. */
export function noSuchEndpoint(): PassbellError {
  return new PassbellError('not_found', { what: 'callback endpoint' });
}
