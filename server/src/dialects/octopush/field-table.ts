import { type Cast, flag, isFlagGiven, isGiven } from './cast.ts';

/** One field of a request: what it takes, and what stands for it where it is not given or cannot be mended. */
export interface Field<T> {
  /** Whether it was given at all. */
  readonly isSaid: (value: unknown) => boolean;
  readonly cast: Cast<T>;
  readonly otherwise: T;
}

export type FieldTable = Readonly<Record<string, Field<unknown>>>;

export type ValuesOf<Table extends FieldTable> = {
  readonly [Name in keyof Table]: Table[Name] extends Field<infer T> ? T : never;
};

export function field<T>(cast: Cast<T>, otherwise: T): Field<T> {
  return { isSaid: isGiven, cast, otherwise };
}

export function flagField(otherwise: boolean): Field<boolean> {
  return { isSaid: isFlagGiven, cast: flag, otherwise };
}

/** Names of unknown fields that a warning repeats. */
const MOST_NAMES = 5;
const LONGEST_NAME = 40;

/**
 * Every field of a table, whatever the body holds. `warnings` are sentences: one for each thing that was cast, cut, removed or ignored.
 *
 * @param others fields that are known, and read elsewhere
 */
export function readFields<Table extends FieldTable>(
  table: Table,
  body: Readonly<Record<string, unknown>>,
  others: readonly string[],
): { readonly values: ValuesOf<Table>; readonly warnings: readonly string[] } {
  const warnings: string[] = [];

  function read(name: string, { isSaid, cast, otherwise }: Field<unknown>): unknown {
    // Its own alone: `__proto__` and `constructor` are fields of no request.
    const value = Object.hasOwn(body, name) ? body[name] : undefined;
    if (!isSaid(value)) return otherwise;
    const taken = cast(value);
    if ('ignored' in taken) {
      warnings.push(`${name} ${taken.ignored}: it was ignored.`);
      return otherwise;
    }
    for (const note of taken.notes) warnings.push(`${name} ${note}.`);
    return taken.value;
  }

  const entries = Object.entries(table).map(([name, row]) => [name, read(name, row)]);
  const unknown = Object.keys(body).filter((name) => !Object.hasOwn(table, name) && !others.includes(name));
  if (unknown.length > 0) warnings.push(unknownFields(unknown));
  return { values: Object.fromEntries(entries) as ValuesOf<Table>, warnings };
}

/** Names are a stranger's text: their letters alone, for digits may be a number or a code. */
function unknownFields(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).map((name) => name.replace(/[^A-Za-z_-]/g, '?').slice(0, LONGEST_NAME));
  const more = names.length - shown.length;
  return `Unknown fields were ignored: ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`;
}
