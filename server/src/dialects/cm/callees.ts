import type { Fault } from '../../errors.ts';
import type { CountryCode } from '../../values/country.ts';
import type { PhoneNumber } from '../../values/phone-number.ts';
import { isGiven } from './cast.ts';
import { readCallee } from './number.ts';

/** The vendor names no bound. A request is one commit, and a text of 64 KB. */
const MOST = 100;

/** One number that a request wants called. */
export type Callee =
  | { readonly dial: true; readonly number: PhoneNumber; readonly asSent: string }
  /** Skipped under `disable-callees-validation`. */
  | { readonly dial: false; readonly asSent: string; readonly error: string };

/** Whom a request wants called: one `callee`, or the list of `callees`. The answer has the same form. */
export type Callees =
  | { readonly form: 'one'; readonly callee: Callee }
  | { readonly form: 'list'; readonly callees: readonly Callee[] };

interface Context {
  readonly country: CountryCode;
  /** `disable-callees-validation`: invalid numbers are skipped. */
  readonly skips: boolean;
}

/** Null, and at least one fault, when the request cannot be served. */
export function readCallees(
  fields: Readonly<Record<string, unknown>>,
  context: Context,
  faults: Fault[],
): Callees | null {
  const { callee, callees } = fields;
  const isList = isGiven(callees) && !(Array.isArray(callees) && callees.length === 0);
  if (isGiven(callee) && isList) return report(faults, 'callees', 'cannot stand beside callee: send one of the two');
  if (isGiven(callee)) return one(callee, context, faults);
  if (!isList) {
    return report(faults, 'callee', 'is required, or callees: the number to call, as in "+9779851023212"');
  }
  if (!Array.isArray(callees)) return report(faults, 'callees', 'must be a list of numbers, as in ["+9779851023212"]');
  if (callees.length > MOST)
    return report(faults, 'callees', `must have ${MOST} numbers or fewer: send the rest in another request`);
  return list(callees, context, faults);
}

function one(value: unknown, { country, skips }: Context, faults: Fault[]): Callees | null {
  const read = readCallee(value, country);
  if ('number' in read) {
    return { form: 'one', callee: { dial: true, number: read.number, asSent: value as string } };
  }
  if (!skips || typeof value !== 'string') return report(faults, 'callee', read.fault);
  return { form: 'one', callee: { dial: false, asSent: value, error: read.fault } };
}

function list(values: readonly unknown[], { country, skips }: Context, faults: Fault[]): Callees | null {
  const seen = new Map<string, number>();
  const before = faults.length;
  const callees = values.map((value, place): Callee | null => {
    const read = readCallee(value, country);
    const earlier = 'number' in read ? seen.get(read.number.e164) : undefined;
    if ('number' in read && earlier === undefined) {
      seen.set(read.number.e164, place);
      return { dial: true, number: read.number, asSent: value as string };
    }
    // One phone cannot take two calls at a time.
    const fault = 'fault' in read ? read.fault : `is the same number as callees[${earlier}]: name it once`;
    if (skips && typeof value === 'string') return { dial: false, asSent: value, error: fault };
    return report(faults, `callees[${place}]`, fault);
  });
  return faults.length > before ? null : { form: 'list', callees: callees.filter((callee) => callee !== null) };
}

function report(faults: Fault[], field: string, message: string): null {
  faults.push({ field, message });
  return null;
}
