import type { ErrorCode, Fault } from '../errors.ts';
import { CommandError } from './command-error.ts';
import { faulty } from './readings.ts';

/** No answer came. */
export function unreachable(url: string, error: unknown): CommandError {
  const cause = (error as { cause?: { code?: string } }).cause?.code;
  const why = cause === undefined ? (error as Error).message : cause;
  return new CommandError(
    'unreachable',
    `Nothing answers at ${url} (${why}). Start \`passbell serve\`, or pass --url.`,
  );
}

/** An answer came that no server of ours gives. */
export function notPassbell(url: string): CommandError {
  return new CommandError('unreachable', `What answers at ${url} is not Passbell. Pass another --url.`);
}

/** An answer of either API here: TingTing's envelope, or problem details (RFC 9457). */
interface Refusal {
  readonly message?: unknown;
  readonly detail?: unknown;
  readonly code?: unknown;
  readonly errors?: unknown;
}

const CODES: Readonly<Record<number, ErrorCode>> = {
  400: 'invalid_request',
  401: 'unauthorized',
  402: 'credits_exhausted',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  422: 'invalid_request',
  429: 'rate_limited',
  503: 'unavailable',
};

const CURES: Partial<Record<ErrorCode, string>> = {
  unauthorized: ' Give a key that works: `passbell key list` shows which do, `passbell key create` makes one.',
  credits_exhausted: ' Give it some: `passbell credits grant`.',
};

/** An answer other than 2xx. `names`: how the command line names the fields that the server may find fault with. */
export function refused(
  url: string,
  { status }: Response,
  body: unknown,
  names: Readonly<Record<string, string>>,
): CommandError {
  const { message, detail, errors } = (typeof body === 'object' && body !== null ? body : {}) as Refusal;
  const said = [message, detail].find((text) => typeof text === 'string');
  const code = CODES[status] ?? 'internal';
  if (said === undefined)
    return status === 404 ? notPassbell(url) : new CommandError(code, `${url} answered ${status}.`);
  const faults = (Array.isArray(errors) ? (errors as Fault[]) : []).map(({ field, message }) => {
    return { field: names[field] ?? field, message: String(message) };
  });
  if (code === 'invalid_request' && faults.length > 0) return new CommandError(code, faulty(faults).message, faults);
  return new CommandError(code, `${said}${CURES[code] ?? ''}`, faults);
}
