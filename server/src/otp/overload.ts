import { PassbellError } from '../errors.ts';

/** Requests that wait in one lane for the store: past this it does not keep up, and each more would only wait longer. */
const MOST_WAITING = 20_000;

/** @throws {PassbellError} `unavailable` (`overloaded`) where so many wait that no more are taken. */
export function refuseOverload({ waiting }: { readonly waiting: number }): void {
  if (waiting > MOST_WAITING) throw new PassbellError('unavailable', { reason: 'overloaded' });
}
