import type { Fault } from '../errors.ts';

type Json = Readonly<Record<string, unknown>>;

/** Reads the fields of a JSON object, and notes every fault with its cure instead of stopping at the first. */
export class ConfigFields {
  readonly faults: Fault[] = [];
  readonly #json: Json;
  readonly #read = new Set<string>();
  readonly #prefix: string;

  /** @param prefix put before the names in faults, such as `tls.`. */
  constructor(json: unknown, prefix = '') {
    const isObject = typeof json === 'object' && json !== null && !Array.isArray(json);
    this.#json = isObject ? (json as Json) : {};
    this.#prefix = prefix;
    if (!isObject) this.faults.push({ field: prefix.slice(0, -1), message: 'Must be a JSON object.' });
  }

  /** Printable ASCII of `min` to `max` characters; null is as good as absent. `fallback` undefined: the field is required. */
  text<T extends string | null>(name: string, min: number, max: number, fallback?: T): string | T {
    const value = this.#take(name);
    if (value === undefined && fallback !== undefined) return fallback;
    if (typeof value === 'string' && value.length >= min && value.length <= max && /^[\x20-\x7e]*$/.test(value))
      return value;
    const size = min === max ? `${max}` : `${min} to ${max}`;
    this.fault(name, `Must be ${size} printable ASCII characters.`);
    return '';
  }

  integer<T extends number | null>(name: string, min: number, max: number, fallback?: T): number | T {
    const value = this.#take(name);
    if (value === undefined && fallback !== undefined) return fallback;
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
    this.fault(name, `Must be a whole number from ${min} to ${max}.`);
    return 0;
  }

  choice<const T extends string | number>(name: string, options: readonly T[], fallback: T): T {
    const value = this.#take(name);
    if (value === undefined) return fallback;
    const option = options.find((one) => one === value);
    if (option !== undefined) return option;
    this.fault(name, `Must be one of ${options.map((one) => JSON.stringify(one)).join(', ')}.`);
    return fallback;
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.#take(name);
    if (value === undefined) return fallback;
    if (typeof value === 'boolean') return value;
    this.fault(name, 'Must be true or false.');
    return fallback;
  }

  /** The value as it is; undefined when absent or null. */
  raw(name: string): unknown {
    return this.#take(name);
  }

  fault(name: string, message: string): void {
    this.faults.push({ field: this.#prefix + name, message });
  }

  /** To be called last: a name that nobody asked for is a mistake, most often in its spelling. */
  refuseOthers(): void {
    for (const name of Object.keys(this.#json))
      if (!this.#read.has(name)) this.fault(name, 'Is not a setting; look at its spelling, or remove it.');
  }

  #take(name: string): unknown {
    this.#read.add(name);
    return Object.hasOwn(this.#json, name) ? (this.#json[name] ?? undefined) : undefined;
  }
}
