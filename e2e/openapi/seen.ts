import type { Described } from './described.ts';
import type { PartPlan, Who } from './plan.ts';

/** How many of a kind are remembered: old ones have ended, and little can be done with them. */
const MOST = 30;

/** The pattern of ids: others pass for too much. */
const ID = /^\^([a-z]+_|\[0-9a-f\]\{8\})/;

/** What answers have named: ids and the like, by the pattern that the document has for them. */
export interface Seen {
  /** Remembers what was in an answer to `who`. */
  note(who: Who, body: unknown): void;
  /** What stands in the path for a part of it. */
  partOf(who: Who, name: string, plan: PartPlan, operation: Described): string;
}

/** @param owner whose things a caller sees: those of one owner are foreign to all others */
export function seen(operations: readonly Described[], owner: (who: Who) => string): Seen {
  const patterns = new Set(operations.flatMap(({ params }) => params.map(({ schema }) => patternOf(schema))));
  const ids = [...patterns].filter((pattern) => ID.test(pattern));
  const kinds = ids.map((pattern) => [pattern, new RegExp(pattern)] as const);
  const byKind = new Map<string, Map<string, string[]>>();

  function remember(who: Who, text: string): void {
    for (const [pattern, expression] of kinds) {
      if (!expression.test(text)) continue;
      const owners = byKind.get(pattern) ?? new Map<string, string[]>();
      const texts = (owners.get(owner(who)) ?? []).filter((each) => each !== text);
      byKind.set(pattern, owners.set(owner(who), [...texts, text].slice(-MOST)));
    }
  }

  return {
    note(who, body) {
      if (typeof body === 'string') remember(who, body);
      else if (typeof body === 'object' && body !== null) for (const each of Object.values(body)) this.note(who, each);
    },
    partOf(who, name, plan, { params }) {
      if (plan.kind === 'text') return plan.text;
      const pattern = patternOf(params.find((param) => param.name === name)?.schema ?? {});
      const texts = [...(byKind.get(pattern) ?? [])].flatMap(([of, texts]) =>
        (of === owner(who)) === (plan.kind === 'seen') ? texts : [],
      );
      return texts[plan.pick % texts.length] ?? plan.otherwise;
    },
  };
}

function patternOf(schema: { readonly pattern?: unknown }): string {
  return typeof schema.pattern === 'string' ? schema.pattern : '';
}
