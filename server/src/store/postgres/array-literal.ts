/**
 * A column of values as one array parameter. The driver's own conversion looks at every element with several regular expressions;
 * with a dozen columns of hundreds of rows that is a third of the time that a batch takes on this side.
 */
export function texts(values: readonly (string | null)[]): string {
  let out = '{';
  for (const [i, value] of values.entries()) {
    if (i > 0) out += ',';
    if (value === null) out += 'NULL';
    else out += SPECIAL.test(value) ? `"${value.replace(SPECIALS, '\\$&')}"` : `"${value}"`;
  }
  return `${out}}`;
}

/** Numbers and booleans as one array parameter. */
export function numbers(values: readonly (number | boolean | null)[]): string {
  return `{${values.map((value) => (value === null ? 'NULL' : value)).join(',')}}`;
}

const SPECIAL = /["\\]/;
const SPECIALS = /["\\]/g;
