import type { Fault } from '../../errors.ts';
import { countSegments, MAX_SEGMENTS } from '../../sms/segments.ts';
import { isDomainBound } from '../template.ts';
import { ANDROID_BYTES, type Autofill, autofillFaults, isReadByApp, withAutofill } from './autofill.ts';
import { PLACEHOLDERS, placeholdersIn, type Values } from './placeholders.ts';
import { LONGEST_VALUES, NO_SITE_LINE, textFault, valueFault } from './text-faults.ts';

/** What is written or spoken in the caller's own words, and under which name the request has it. */
interface Asked {
  readonly values: Values;
  readonly autofill: Autofill;
  readonly field: string;
  /** None: the built-in words are said. */
  readonly texts: readonly string[];
}

/** What is wrong with a request before its words are put together. */
export function requestFaults({ values, autofill, field, texts }: Asked): Fault[] {
  return [
    ...valueFaults(values),
    ...ownFaults(texts, field, values),
    ...autofillFaults(autofill).map(([name, must]) => fault(`autofill.${name}`, must)),
  ];
}

/** What is wrong with the words once the values stand in them; `field` is to be mended. */
export function sentFaults(words: string, values: Values, autofill: Autofill, field: string): Fault[] {
  // Looked at again: `{brand} #{code}` becomes such a line with a brand that begins with @.
  if (isDomainBound(words)) return [fault(field, NO_SITE_LINE)];
  const sent = withAutofill(words, values.code, autofill);
  if (countSegments(sent) > MAX_SEGMENTS) {
    return [fault(field, `be shorter: the message takes more than ${MAX_SEGMENTS} SMS segments`)];
  }
  if (!isReadByApp(sent, autofill)) {
    return [fault(field, `be shorter: with autofill.android_hash a message has at most ${ANDROID_BYTES} bytes`)];
  }
  return [];
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
function ownFaults(texts: readonly string[], field: string, values: Values): Fault[] {
  if (texts.length === 0) return [];
  const must = texts.map(textFault).find((found) => found !== null);
  if (must !== undefined) return [fault(field, must)];
  const shown = texts.map(placeholdersIn);
  const missing = PLACEHOLDERS.filter((name) => values[name] === null && shown.some((names) => names.has(name)));
  const hidden = (['amount', 'payee'] as const).filter(
    (name) => values[name] !== null && !shown.every((names) => names.has(name)),
  );
  return [
    ...missing.map((name) => fault(name, `be given: the ${field} holds {${name}}`)),
    ...hidden.map((name) => fault(field, `hold {${name}}, written and spoken: the payer must learn it`)),
  ];
}

function fault(field: string, must: string): Fault {
  return { field, message: `must ${must}` };
}
