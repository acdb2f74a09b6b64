import { isXmlText } from './markup.ts';
import { ELEMENTS, MAX_BREAKS_MS, type SsmlElement } from './ssml-elements.ts';

/** A prompt's length in characters, markup included: the vendor's bound for prompts. */
export const MAX_SSML_LENGTH = 750;
const MAX_DEPTH = 8;

/** A prompt as understood: nothing in it is a caller's own markup. */
export type SsmlNode =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'break'; readonly ms: number }
  | {
      readonly kind: 'element';
      readonly name: string;
      readonly attributes: ReadonlyMap<string, string>;
      readonly children: readonly SsmlNode[];
    };

export type SsmlResult =
  | { readonly kind: 'ssml'; readonly nodes: readonly SsmlNode[] }
  /** @property message one sentence, for the one who wrote it: what is wrong, and the cure. */
  | { readonly kind: 'fault'; readonly message: string };

interface Open {
  readonly name: string;
  readonly element: SsmlElement;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: SsmlNode[];
}

/** What stops the parser; never leaves this file. */
class SsmlFault extends Error {}

/**
 * Reads a caller's SSML: the elements and attributes of `ssml-elements.ts`, character references, the five entities of XML; nothing
 * else, so no document type, no entity of its own, no reference to anything outside. `<speak>` around it may be left out.
 * What `ssml-write.ts` wrote can be read again; it may be longer than it came.
 */
export function parseSsml(source: string, maxLength = MAX_SSML_LENGTH): SsmlResult {
  try {
    return { kind: 'ssml', nodes: parse(source, maxLength) };
  } catch (error) {
    if (error instanceof SsmlFault) return { kind: 'fault', message: error.message };
    throw error;
  }
}

function parse(source: string, maxLength: number): readonly SsmlNode[] {
  if (source.length > maxLength) refuse(`is longer than ${maxLength} characters; shorten it`);
  if (!isXmlText(source)) refuse('holds a control character or half a character; leave it out');
  const body = source.trim().replace(/^<\?xml [^<>?]*\?>/, '');
  const root: SsmlNode[] = [];
  const open: Open[] = [];
  let breaks = 0;

  function add(node: SsmlNode): void {
    (open.at(-1)?.children ?? root).push(node);
  }

  function text(raw: string): void {
    if (open.at(-1)?.element.holds === 'nothing' && raw.trim() !== '')
      refuse(`has text inside <${open.at(-1)?.name}>; move it out`);
    add({ kind: 'text', text: decode(raw) });
  }

  function close(name: string): void {
    const last = open.pop();
    if (last?.name !== name) refuse(`has </${name}> where ${last ? `</${last.name}>` : 'no end tag'} should be`);
    // Version, namespace and language say nothing that an engine needs, and the writer puts its own <speak> around it all.
    if (name === 'speak') {
      root.push(...last.children);
      return;
    }
    const node = finished(last);
    if (node.kind === 'break') breaks += node.ms;
    if (breaks > MAX_BREAKS_MS) refuse(`has breaks of more than ${MAX_BREAKS_MS / 1000} s together; shorten them`);
    add(node);
  }

  for (const [token] of body.matchAll(/<[^<>]*>|[^<]+|</g)) {
    if (!token.startsWith('<')) {
      text(token);
      continue;
    }
    const [, slash, name = '', attributes = '', empty] =
      /^<(\/?)([a-zA-Z][\w:.-]{0,39})((?:\s+[a-zA-Z][\w:.-]*\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>$/.exec(token) ?? [];
    if (name === '') refuse('has a < that begins no tag that may be used; write &lt; for the sign itself');
    if (slash) {
      close(name);
      continue;
    }
    open.push(begun(name, attributes, open));
    if (empty) close(name);
  }
  const last = open.at(-1);
  if (last) refuse(`has <${last.name}> without </${last.name}>; add it`);
  return root;
}

function begun(name: string, attributes: string, open: readonly Open[]): Open {
  const element = ELEMENTS.get(name);
  if (!element) refuse(`has <${name}>; only ${Array.from(ELEMENTS.keys()).join(', ')} may be used`);
  const outer = open.at(-1);
  if (outer && outer.element.holds !== 'anything') refuse(`has <${name}> inside <${outer.name}>; close that first`);
  if (name === 'speak' && outer) refuse('has <speak> inside another element; put it outermost');
  if (open.filter((around) => around.name !== 'speak').length >= MAX_DEPTH)
    refuse(`is nested deeper than ${MAX_DEPTH} elements; flatten it`);
  return { name, element, attributes: checked(name, element, attributes), children: [] };
}

function checked(name: string, element: SsmlElement, source: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, key = '', quoted = ''] of source.matchAll(/([\w:.-]+)\s*=\s*("[^"]*"|'[^']*')/g)) {
    const attribute = element.attributes.get(key);
    if (!attribute) refuse(`has an attribute ${key.slice(0, 40)} on <${name}>; leave it out`);
    if (found.has(key)) refuse(`has ${key} twice on one <${name}>; keep one`);
    const value = attribute.good(decode(quoted.slice(1, -1)));
    if (value === null) refuse(`has a ${key} on <${name}> that cannot be used; use ${attribute.values}`);
    found.set(key, value);
  }
  return found;
}

function finished({ name, attributes, children }: Open): SsmlNode {
  switch (name) {
    case 'break':
      return { kind: 'break', ms: Number.parseInt(attributes.get('time') ?? attributes.get('strength') ?? '400', 10) };
    case 'sub': {
      const alias = attributes.get('alias');
      if (alias === undefined) refuse('has <sub> without alias; add what is to be said');
      return { kind: 'text', text: alias };
    }
    case 'say-as':
      if (!attributes.has('interpret-as')) refuse('has <say-as> without interpret-as; add it');
      return { kind: 'element', name, attributes, children };
    default:
      return { kind: 'element', name, attributes, children };
  }
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

function decode(raw: string): string {
  return raw.replace(/&([^&;]{0,40};?)/g, (_, inner: string) => {
    const [, hex, decimal, name = ''] = /^(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|([a-z]+));$/.exec(inner) ?? [];
    const code = hex ? Number.parseInt(hex, 16) : Number(decimal);
    const character = hex || decimal ? (code <= 0x10ffff ? String.fromCodePoint(code) : '\0') : ENTITIES.get(name);
    if (character === undefined)
      refuse('has an & that begins no entity that may be used; write &amp; for the sign itself');
    if (!isXmlText(character)) refuse('refers to a character that may not be used; leave it out');
    return character;
  });
}

function refuse(what: string): never {
  throw new SsmlFault(`The SSML ${what}.`);
}
