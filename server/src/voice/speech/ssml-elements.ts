/** One break may last so long, and all breaks of a prompt together; ms. */
export const MAX_BREAK_MS = 5_000;
export const MAX_BREAKS_MS = 10_000;

/** One attribute that may be used. */
export interface SsmlAttribute {
  /** The value as it is written anew; null: it cannot be used. */
  readonly good: (value: string) => string | null;
  /** What may be written, for the one whose value was refused. */
  readonly values: string;
}

/** An element that may stand in a prompt. Whatever is not in the table is refused. */
export interface SsmlElement {
  /** What may stand between its tags. */
  readonly holds: 'anything' | 'text' | 'nothing';
  readonly attributes: ReadonlyMap<string, SsmlAttribute>;
}

// SSML 1.1 §3.2.3 leaves the lengths to the processor.
const STRENGTHS: ReadonlyMap<string, string> = new Map([
  ['none', '0ms'],
  ['x-weak', '100ms'],
  ['weak', '200ms'],
  ['medium', '400ms'],
  ['strong', '700ms'],
  ['x-strong', '1000ms'],
]);

// What espeak-ng says in another way; the other values of the W3C's note would change nothing, so they are refused.
const SAY_AS: ReadonlyMap<string, string> = new Map([
  ['characters', 'characters'],
  ['spell-out', 'characters'],
  ['digits', 'tts:digits'],
  ['telephone', 'tts:digits'],
  // espeak-ng's own word for it, so that what was written anew can be read again.
  ['tts:digits', 'tts:digits'],
]);

function mapped(values: ReadonlyMap<string, string>): SsmlAttribute {
  return { good: (value) => values.get(value) ?? null, values: Array.from(values.keys()).join(', ') };
}

function oneOf(values: readonly string[]): SsmlAttribute {
  return { good: (value) => (values.includes(value) ? value : null), values: values.join(', ') };
}

/** Words, or a percentage of the shape of `pattern` from `low` to `high`. */
function relative(words: readonly string[], pattern: RegExp, low: number, high: number): SsmlAttribute {
  function good(value: string): string | null {
    if (words.includes(value)) return value;
    const amount = Number.parseInt(value, 10);
    return pattern.test(value) && amount >= low && amount <= high ? value : null;
  }
  return { good, values: `${words.join(', ')}, or ${low}% to ${high}%` };
}

function breakTime(value: string): string | null {
  const [, amount, unit] = /^(\d{1,5}(?:\.\d{1,3})?)(ms|s)$/.exec(value) ?? [];
  const ms = Math.round(Number(amount) * (unit === 's' ? 1000 : 1));
  return ms <= MAX_BREAK_MS ? `${ms}ms` : null;
}

function element(holds: SsmlElement['holds'], attributes: Readonly<Record<string, SsmlAttribute>> = {}): SsmlElement {
  return { holds, attributes: new Map(Object.entries(attributes)) };
}

const any: SsmlAttribute = { good: (value) => value, values: 'anything' };
const alias: SsmlAttribute = {
  good: (value) => (value.length <= 100 ? value : null),
  values: 'at most 100 characters',
};

/** The part of SSML 1.1 that callers may use. */
export const ELEMENTS: ReadonlyMap<string, SsmlElement> = new Map([
  ['speak', element('anything', { version: any, xmlns: any, 'xml:lang': any })],
  ['p', element('anything')],
  ['s', element('anything')],
  [
    'break',
    element('nothing', {
      time: { good: breakTime, values: `0s to ${MAX_BREAK_MS / 1000}s, as in 500ms` },
      strength: mapped(STRENGTHS),
    }),
  ],
  ['say-as', element('text', { 'interpret-as': mapped(SAY_AS) })],
  ['sub', element('text', { alias })],
  ['emphasis', element('anything', { level: oneOf(['strong', 'moderate', 'reduced', 'none']) })],
  [
    'prosody',
    element('anything', {
      rate: relative(['x-slow', 'slow', 'medium', 'fast', 'x-fast', 'default'], /^\d{2,3}%$/, 50, 200),
      pitch: relative(['x-low', 'low', 'medium', 'high', 'x-high', 'default'], /^[+-]\d{1,2}%$/, -50, 50),
      volume: oneOf(['x-soft', 'soft', 'medium', 'loud', 'x-loud', 'default']),
    }),
  ],
]);
