import fc, { type Arbitrary } from 'fast-check';
import type { Described, Json, Parameter } from './described.ts';
import { brokenBodies, hostileTexts, spoiled } from './hostile-values.ts';
import { type ValueRules, valuesOf } from './values.ts';

/** Whose key a request shows. */
export type Who = string;

/** A part of a path: one that was seen in an earlier answer to the same caller, or to another; or any text. */
export type PartPlan =
  | { readonly kind: 'seen' | 'foreign'; readonly pick: number; readonly otherwise: string }
  | { readonly kind: 'text'; readonly text: string };

/** A request that is to be sent; it is drawn before the ids are known that it names. */
export interface Plan {
  readonly operation: Described;
  readonly method: string;
  readonly who: Who;
  /** A header of Authorization in place of the key of `who`; null: none at all. */
  readonly authorization?: string | null;
  readonly parts: Readonly<Record<string, PartPlan>>;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly type: string | undefined;
  readonly body: string | Buffer | undefined;
}

export interface PlanRules extends ValueRules {
  /** Bodies whose fields go together, by operation: half of the sound ones. */
  readonly bodies?: Readonly<Record<string, Arbitrary<unknown>>>;
  /** Who may ask for an operation, each as often as they stand here. */
  readonly callers: (operation: Described) => readonly Who[];
  /** Bodies that are no JSON. */
  readonly files: readonly Buffer[];
  /** Authorizations that open nothing here. */
  readonly badKeys: readonly string[];
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const TYPES = [
  'text/plain',
  'application/xml',
  'application/x-www-form-urlencoded',
  'application/json; charset=utf-16',
  ';',
];
/** Few meet again by chance: who has one is sent twice. */
const KEYS = fc.uuid();

/** Requests for one operation: most of them sound, the others each with something wrong. */
export function plans(operation: Described, rules: PlanRules): Arbitrary<Plan> {
  const sound = soundPlans(operation, rules);
  return fc.oneof(
    { arbitrary: sound, weight: 80 },
    { arbitrary: changed(sound, bodies(operation, rules), (body) => body), weight: 22 },
    { arbitrary: changed(sound, queries(operation), (query) => ({ query })), weight: 6 },
    {
      arbitrary: changed(sound, fc.constantFrom(null, ...rules.badKeys), (authorization) => ({ authorization })),
      weight: 4,
    },
    { arbitrary: changed(sound, otherMethods(operation), (method) => ({ method })), weight: 3 },
    {
      arbitrary: changed(sound, hostileTexts.filter(isFieldValue), (key) => ({ headers: { 'idempotency-key': key } })),
      weight: 2,
    },
    { arbitrary: changed(sound, fc.constantFrom(undefined, ...TYPES), (type) => ({ type })), weight: 3 },
  );
}

function soundPlans(operation: Described, rules: PlanRules): Arbitrary<Plan> {
  const { callers, files, bodies = {} } = rules;
  const value = valuesOf(rules);
  const { method, params, query, headers, body } = operation;
  const otherHeaders = fields(headers, value).filter((given) => Object.values(given).every(isFieldValue));
  const isWritten = operation.headers.some(({ name }) => name === 'Idempotency-Key');
  return fc
    .record({
      operation: fc.constant(operation),
      method: fc.constant(method),
      who: fc.constantFrom(...callers(operation)),
      parts: fc.record(Object.fromEntries(params.map((param) => [param.name, parts(param, value)]))),
      query: fields(query, value).map(queryText),
      headers: isWritten
        ? fc.oneof(
            fc.constant({}),
            fc.constant({}),
            fc.constant({}),
            KEYS.map((key) => ({ 'idempotency-key': key })),
          )
        : otherHeaders,
      content: soundBodies(),
    })
    .map(({ content, ...plan }) => ({ ...plan, ...content }));

  function soundBodies(): Arbitrary<Pick<Plan, 'body' | 'type'>> {
    const none = fc.constant({ type: undefined, body: undefined });
    if (body === null) return none;
    const { type } = body;
    if (type !== 'application/json') return fc.constantFrom(...files).map((file) => ({ type, body: file }));
    const fitting = bodies[operation.id];
    const any = value(body.schema);
    const texts = (fitting === undefined ? any : fc.oneof(any, fitting)).map((given) => ({
      type,
      body: JSON.stringify(given),
    }));
    return body.required ? texts : fc.oneof(texts, none);
  }
}

function parts({ name, schema }: Parameter, value: ReturnType<typeof valuesOf>): Arbitrary<PartPlan> {
  const [pick, text] = [fc.nat(), value(schema, name).map(String)];
  const known = (kind: 'seen' | 'foreign') =>
    fc.tuple(pick, text).map(([pick, otherwise]) => ({ kind, pick, otherwise }));
  const any = (texts: Arbitrary<string>) => texts.map((text) => ({ kind: 'text', text }) as const);
  return fc.oneof(
    { arbitrary: known('seen'), weight: 7 },
    { arbitrary: known('foreign'), weight: 1 },
    { arbitrary: any(text), weight: 1 },
    { arbitrary: any(hostileTexts.filter((text) => text !== '')), weight: 1 },
  );
}

function fields(
  parameters: readonly Parameter[],
  value: ReturnType<typeof valuesOf>,
): Arbitrary<Record<string, string>> {
  const properties = Object.fromEntries(parameters.map(({ name, schema }) => [name, schema]));
  const required = parameters.filter(({ required }) => required).map(({ name }) => name);
  return value({ type: 'object', properties, required }).map((given) =>
    Object.fromEntries(Object.entries(given as Json).map(([name, value]) => [name, String(value)])),
  );
}

function queryText(given: Readonly<Record<string, string>>): string {
  return Object.entries(given)
    .map(([name, value]) => `${escaped(name)}=${escaped(value)}`)
    .join('&');
}

/** A text as it may stand in a URL. */
export function escaped(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

/** Fields that nobody knows, or twice, or with what means no good in them; or no query at all. */
function queries({ query }: Described): Arbitrary<string> {
  const name = fc.constantFrom(
    ...query.map(({ name }) => name),
    'account_id',
    '__proto__',
    'constructor',
    'limit[]',
    '',
  );
  const field = fc.tuple(name, hostileTexts).map(([name, value]) => `${escaped(name)}=${escaped(value)}`);
  return fc.oneof(
    field,
    fc.tuple(field, field).map((both) => both.join('&')),
    fc.constantFrom(
      'limit=1&limit=2',
      'limit=%zz',
      'cursor=%ff%fe',
      '&&&',
      '=',
      '%00=1',
      '?',
      `x=${'y'.repeat(3_000)}`,
    ),
  );
}

function bodies({ body }: Described, rules: PlanRules): Arbitrary<Pick<Plan, 'body' | 'type'>> {
  const type = body?.type ?? 'application/json';
  const broken = brokenBodies.map((body) => ({ type, body }));
  if (body === null) return broken;
  if (body.type !== 'application/json') {
    return fc.oneof(
      broken,
      fc.constantFrom(...rules.files).map((file) => ({ type, body: file.subarray(0, file.length / 2) })),
    );
  }
  const sound = valuesOf(rules)(body.schema);
  return fc.oneof(
    { arbitrary: spoiled(sound, body.schema).map((given) => ({ type, body: JSON.stringify(given) })), weight: 5 },
    { arbitrary: broken, weight: 1 },
  );
}

/** Node sends no others in a header field. */
const isFieldValue = (text: string) => /^[\t\x20-\x7e\x80-\xff]*$/.test(text);

function otherMethods({ method, methods }: Described): Arbitrary<string> {
  const others = METHODS.filter((each) => !methods.includes(each));
  return fc.constantFrom(...(others.length > 0 ? others : [method]));
}

function changed<T>(sound: Arbitrary<Plan>, by: Arbitrary<T>, change: (value: T) => Partial<Plan>): Arbitrary<Plan> {
  return fc.tuple(sound, by).map(([plan, value]) => ({ ...plan, ...change(value) }));
}
