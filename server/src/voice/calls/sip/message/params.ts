import { quoted, TOKEN, unquoted } from './token.ts';

/** Parameters of a header field, in order; names in lower case, values without quotes, null where there is no `=`. */
export type Params = readonly (readonly [name: string, value: string | null])[];

// Values are taken more widely than RFC 3261 §25.1 has them: branches and tags in base64, with `/` and `=`, are met in the field.
const PARAM = /[ \t]*;[ \t]*([A-Za-z0-9\-.!%*_+`'~]+)(?:[ \t]*=[ \t]*("(?:[^"\\]|\\[\s\S])*"|[^\s;,"<>]+))?[ \t]*/y;

/** `;name=value;name…` from `at` to the end of `text`. Null: malformed. */
export function parseParams(text: string, at: number): Params | null {
  if (text.slice(at).trim() === '') return [];
  const params: [string, string | null][] = [];
  const pattern = new RegExp(PARAM);
  pattern.lastIndex = at;
  while (pattern.lastIndex < text.length) {
    const found = pattern.exec(text);
    if (found === null) return null;
    const [, name = '', value] = found;
    params.push([name.toLowerCase(), value === undefined ? null : value.startsWith('"') ? unquoted(value) : value]);
  }
  return params;
}

export function writeParams(params: Params): string {
  let text = '';
  for (const [name, value] of params) {
    if (!TOKEN.test(name)) throw new RangeError('a parameter name must be a token');
    text += value === null ? `;${name}` : `;${name}=${/^[^\s;,"<>\\]+$/.test(value) ? value : quoted(value)}`;
  }
  return text;
}

/** A parameter's value; undefined: there is no such parameter; null: it has no value. */
export function param(of: { readonly params: Params }, name: string): string | null | undefined {
  return of.params.find(([key]) => key === name)?.[1];
}
