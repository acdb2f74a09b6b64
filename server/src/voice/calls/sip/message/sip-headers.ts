/**
 * Header fields in order. Names compare without regard to case and to the compact forms (RFC 3261 §7.3.3). Never changes:
 * `with` and its like give a new one. Of what was parsed, fields that are comma lists stand one element to an entry.
 */
export interface SipHeaders {
  /** The first value of that name: of a list, its first element. */
  get(name: string): string | undefined;
  /** All values of that name, in order. */
  all(name: string): string[];
  /** One value in place of all of that name, where the first of them stood, or else at the end. */
  with(name: string, value: string): SipHeaders;
  without(name: string): SipHeaders;
  /** Adds a value at the end. */
  add(name: string, value: string): SipHeaders;
  /** Adds a value before all others. */
  prepend(name: string, value: string): SipHeaders;
  entries(): readonly (readonly [name: string, value: string])[];
}

/** RFC 3261 §20 and the IANA registry of SIP header fields: those that are met in calls. */
const COMPACT: ReadonlyMap<string, string> = new Map([
  ['a', 'accept-contact'],
  ['b', 'referred-by'],
  ['c', 'content-type'],
  ['d', 'request-disposition'],
  ['e', 'content-encoding'],
  ['f', 'from'],
  ['i', 'call-id'],
  ['j', 'reject-contact'],
  ['k', 'supported'],
  ['l', 'content-length'],
  ['m', 'contact'],
  ['o', 'event'],
  ['r', 'refer-to'],
  ['s', 'subject'],
  ['t', 'to'],
  ['u', 'allow-events'],
  ['v', 'via'],
  ['x', 'session-expires'],
  ['y', 'identity'],
]);

/** A name as it is compared: lower case, in full. */
export function canonicalName(name: string): string {
  const lower = name.toLowerCase();
  return lower.length === 1 ? (COMPACT.get(lower) ?? lower) : lower;
}

interface Entry {
  readonly key: string;
  readonly entry: readonly [string, string];
}

/** Values are taken as they are: `writeSip` refuses what could start another line. */
export function sipHeaders(entries: Iterable<readonly [name: string, value: string]> = []): SipHeaders {
  const list: Entry[] = [];
  for (const entry of entries) list.push({ key: canonicalName(entry[0]), entry });
  return headersOf(list);
}

function headersOf(list: readonly Entry[]): SipHeaders {
  return {
    get(name) {
      const key = canonicalName(name);
      for (const item of list) if (item.key === key) return item.entry[1];
      return undefined;
    },
    all(name) {
      const key = canonicalName(name);
      const values: string[] = [];
      for (const item of list) if (item.key === key) values.push(item.entry[1]);
      return values;
    },
    with(name, value) {
      const key = canonicalName(name);
      const first = list.findIndex((item) => item.key === key);
      const fresh: Entry = { key, entry: [name, value] };
      if (first < 0) return headersOf([...list, fresh]);
      return headersOf(list.flatMap((item, at) => (at === first ? [fresh] : item.key === key ? [] : [item])));
    },
    without(name) {
      const key = canonicalName(name);
      return headersOf(list.filter((item) => item.key !== key));
    },
    add: (name, value) => headersOf([...list, { key: canonicalName(name), entry: [name, value] }]),
    prepend: (name, value) => headersOf([{ key: canonicalName(name), entry: [name, value] }, ...list]),
    entries: () => list.map((item) => item.entry),
  };
}
