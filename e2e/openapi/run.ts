import fc from 'fast-check';
import { type Answer, lineTo } from './ask.ts';
import { type Json, operationsOf } from './described.ts';
import { judgeBy } from './judge.ts';
import { escaped, type Plan, type PlanRules, plans } from './plan.ts';
import { type Seen, seen } from './seen.ts';

export interface RunOptions extends Omit<PlanRules, 'document'> {
  readonly url: string;
  readonly document: Json;
  readonly requests: number;
  /** Draws the requests of an earlier run again; left out: others. */
  readonly seed?: number;
  /** The key of each caller. */
  readonly keys: Readonly<Record<string, string>>;
  /** Whose things a caller sees. */
  readonly owner: (who: string) => string;
  /** How often an operation is asked for, beside the others; 1 unless said. */
  readonly weights?: Readonly<Record<string, number>>;
  /** Operations that cannot succeed while a run lasts. */
  readonly hopeless?: readonly string[];
  /** Operations whose answers name what must not be touched: the very keys that ask, say. */
  readonly passedOver?: readonly string[];
  /** Whether an answer of 500 and above was asked for. */
  readonly excuses?: (plan: Plan, answer: Answer) => boolean;
}

export interface Ran {
  /** How often operations were answered with what: `createKey 201` → 40. */
  readonly tally: ReadonlyMap<string, number>;
  /** Operations that were never answered with what they are there for, though it could have been. */
  readonly neverDone: readonly string[];
}

/** So many are on their way at once. */
const AT_ONCE = 8;
/** What chance left undone is asked for so often, beside the others, for so many times at most: far more than it takes. */
const HELP = { weight: 20, runs: 10, rounds: 60 };

/**
 * Sends requests that are drawn from the document, and holds each answer against it.
 * @throws with the request, the answer, and the seed that draws the same requests again
 */
export async function runAfter(options: RunOptions): Promise<Ran> {
  const { url, document, requests, seed, keys, weights = {}, excuses = () => false } = options;
  const { passedOver = [], hopeless = [] } = options;
  const operations = operationsOf(document);
  const judge = judgeBy(document);
  const known = seen(operations, options.owner);
  const line = lineTo(url);
  const tally = new Map<string, number>();

  async function look(plan: Plan, request = requestOf(plan, keys, known)): Promise<void> {
    const answer = await line.ask(request).catch((error: Error) => {
      throw new Error(`${plan.operation.id}: ${error.message}\n${shown(request)}`);
    });
    const fault =
      answer.status >= 500 && !excuses(plan, answer)
        ? 'an answer of 500 and above'
        : judge(plan.operation, plan.method, answer);
    const told = `${plan.operation.id} ${answer.status}`;
    tally.set(told, (tally.get(told) ?? 0) + 1);
    if (tells(answer) && !passedOver.includes(plan.operation.id)) known.note(plan.who, JSON.parse(`${answer.body}`));
    if (fault !== null)
      throw new Error(
        `${plan.operation.id}: ${fault}\n${shown(request)}\n→ ${answer.status} ${`${answer.body}`.slice(0, 1_000)}`,
      );
  }

  /** What is done once for each key is asked for again under the same one: at once, or when it was done. */
  async function lookTwice(plan: Plan): Promise<void> {
    const { 'idempotency-key': key } = plan.headers;
    if (key === undefined) return look(plan);
    const request = requestOf(plan, keys, known);
    await Promise.all([look(plan, request), look(plan, request)]);
    await look(plan, request);
  }

  /** Asks for some at once, so many times. */
  async function check(numRuns: number, weight: (id: string) => number, from: number | undefined): Promise<void> {
    const any = fc.oneof(
      ...operations.map((operation) => ({ arbitrary: plans(operation, options), weight: weight(operation.id) })),
    );
    const together = fc.asyncProperty(fc.array(any, { minLength: AT_ONCE, maxLength: AT_ONCE }), async (plans) => {
      await Promise.all(plans.map(lookTwice));
    });
    const replay = from === undefined ? {} : { seed: from };
    const ended = await fc.check(together, { numRuns, endOnFailure: true, ...replay });
    // Not in fast-check's own words: each of the drawn requests has its whole description in it.
    if (ended.failed)
      throw new Error(`seed ${ended.seed}, after ${ended.numRuns * AT_ONCE} requests: ${faultOf(ended.errorInstance)}`);
  }

  const neverDone = () =>
    operations
      .map(({ id }) => id)
      .filter((id) => !hopeless.includes(id) && ![...tally.keys()].some((told) => told.startsWith(`${id} 2`)));

  const usual = (id: string) => weights[id] ?? 1;
  try {
    await check(Math.ceil(requests / AT_ONCE), usual, seed);
    // A call that may be rejected rings for seconds only: no number of requests meets one for sure.
    for (let round = 1; round <= HELP.rounds && neverDone().length > 0; round += 1) {
      const left = neverDone();
      const helped = (id: string) => usual(id) + (left.includes(id) ? HELP.weight : 0);
      await check(HELP.runs, helped, seed === undefined ? undefined : seed + round);
    }
  } finally {
    line.close();
  }
  return { tally, neverDone: neverDone() };
}

function faultOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function requestOf(
  { operation, method, who, authorization, parts, query, headers, type, body }: Plan,
  keys: RunOptions['keys'],
  known: Seen,
) {
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const part = parts[name];
    const text = part === undefined ? '' : known.partOf(who, name, part, operation);
    // A part that is left out is another path.
    return name === 'path' ? text.split('/').map(escaped).join('/') : escaped(text) || '-';
  });
  // A request that says nothing waits half a minute for what does not come.
  const isPatient = operation.query.some(({ name }) => name === 'wait') && !/(^|&)wait=[^&]/.test(query);
  const asked = [query, isPatient ? 'wait=0' : ''].filter((part) => part !== '').join('&');
  const shownKey = authorization === undefined ? `Bearer ${keys[who]}` : authorization;
  return {
    ...{ method, body, path: asked === '' ? path : `${path}?${asked}` },
    headers: {
      ...headers,
      ...(shownKey !== null && { authorization: shownKey }),
      ...(type !== undefined && { 'content-type': type }),
    },
  };
}

/** Whether there may be ids in it; those of refused requests are nothing's. */
function tells({ status, headers, body }: Answer): boolean {
  return status < 300 && headers['content-type']?.includes('json') === true && body.length > 0;
}

function shown({ method, path, headers, body }: ReturnType<typeof requestOf>): string {
  return `${method} ${path}\n${JSON.stringify(headers)}\n${`${body ?? ''}`.slice(0, 2_000)}`;
}
