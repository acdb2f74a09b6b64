import type { Fault } from '../../errors.ts';
import { countSegments, MAX_SEGMENTS, septetsIn } from '../../sms/segments.ts';
import { isDomainBound } from '../template.ts';
import { ANDROID_BYTES, type Autofill, autofillFaults, isReadByApp, withAutofill } from './autofill.ts';
import { filled, PLACEHOLDERS, placeholdersIn, type Values } from './placeholders.ts';
import { LONGEST_VALUES, NO_SITE_LINE, textFault, valueFault } from './text-faults.ts';

/** The caller's own words, with placeholders, and the field of the request that they are from. */
export interface OwnWords {
  readonly field: 'text' | 'template';
  readonly written: string;
  readonly spoken: string;
}

interface Asked {
  /** Null: the built-in words are said. */
  readonly own: OwnWords | null;
  readonly values: Values;
  readonly autofill: Autofill;
}

const TOO_LONG = `takes more than ${MAX_SEGMENTS} SMS segments`;

/** What is wrong with a request before its words are put together. */
export function requestFaults({ own, values, autofill }: Asked): Fault[] {
  return [
    ...valueFaults(values),
    ...(own === null ? [] : ownFaults(own, values)),
    ...autofillFaults(autofill).map(([name, must]) => fault(`autofill.${name}`, must)),
  ];
}

/** What is wrong with the words once the values stand in them; `field` is to be mended, unless it is a value. */
export function sentFaults(words: string, asked: Asked, field: string): Fault[] {
  const { values, autofill } = asked;
  // Looked at again: `{brand} #{code}` becomes such a line with a brand that begins with @.
  if (isDomainBound(words)) return [fault(field, NO_SITE_LINE)];
  const sent = withAutofill(words, values.code, autofill);
  if (countSegments(sent) > MAX_SEGMENTS) {
    const foreign = foreignFaults(asked);
    return foreign.length > 0 ? foreign : [fault(field, `be shorter: the message ${TOO_LONG}`)];
  }
  if (!isReadByApp(sent, autofill)) {
    return [fault(field, `be shorter: with autofill.android_hash a message has at most ${ANDROID_BYTES} bytes`)];
  }
  return [];
}

/** Values whose letters, and not their length, make own words too long: these are what changed since the words were taken. */
function foreignFaults({ own, values, autofill }: Asked): Fault[] {
  if (own === null) return [];
  const shown = placeholdersIn(own.written);
  const foreign = (['brand', 'amount', 'payee'] as const).filter((name) => shown.has(name) && isForeign(values[name]));
  const plain = Object.fromEntries(foreign.map((name) => [name, 'x'.repeat(values[name]?.length ?? 0)]));
  const sent = withAutofill(filled(own.written, { ...values, ...plain }), values.code, autofill);
  if (countSegments(sent) > MAX_SEGMENTS) return [];
  const must = `be in letters of the GSM alphabet, or the ${own.field} shorter: with others the message ${TOO_LONG}`;
  return foreign.map((name) => fault(name, must));
}

function isForeign(value: string | null): boolean {
  return value !== null && septetsIn(value) < 0;
}

function valueFaults({ brand, amount, payee }: Values): Fault[] {
  const values = [
    ['brand', brand],
    ['amount', amount],
    ['payee', payee],
  ] as const;
  const found = values.flatMap(([field, value]) => {
    const must = value === null ? null : valueFault(value, LONGEST_VALUES[field]);
    return must === null ? [] : [fault(field, must)];
  });
  if (amount !== null && payee === null) {
    found.push(fault('payee', 'be given with amount: the payer must see who is paid'));
  }
  if (payee !== null && amount === null) {
    found.push(fault('amount', 'be given with payee: the payer must see what is paid'));
  }
  return found;
}

/** Texts that want what they are not given, or are given what a payer must learn and do not tell it. */
function ownFaults({ field, written, spoken }: OwnWords, values: Values): Fault[] {
  const texts = [written, spoken];
  const must = texts.map(textFault).find((found) => found !== null);
  if (must !== undefined) return [fault(field, must)];
  const shown = texts.map(placeholdersIn);
  const missing = PLACEHOLDERS.filter((name) => values[name] === null && shown.some((names) => names.has(name)));
  const hidden = (['amount', 'payee'] as const)
    .filter((name) => values[name] !== null && !shown.every((names) => names.has(name)))
    .map((name) => `{${name}}`);
  return [
    ...missing.map((name) => fault(name, `be given: the ${field} holds {${name}}`)),
    ...(hidden.length === 0
      ? []
      : [fault(field, `hold ${hidden.join(' and ')}, written and spoken: the payer must learn it`)]),
  ];
}

function fault(field: string, must: string): Fault {
  return { field, message: `must ${must}` };
}
