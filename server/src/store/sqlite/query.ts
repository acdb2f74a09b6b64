import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Calls } from './calls.ts';

/** Distinct statements are few (they stand in `tables/`); filters make some dozen variants. */
const KEPT_STATEMENTS = 200;

/** Runs single statements, keeping the prepared ones. */
export function queryIn(db: DatabaseSync): Calls['query'] {
  const prepared = new Map<string, StatementSync>();

  function statementOf(sql: string): StatementSync {
    const known = prepared.get(sql);
    if (known) return known;
    if (prepared.size >= KEPT_STATEMENTS) prepared.clear();
    const statement = db.prepare(sql);
    prepared.set(sql, statement);
    return statement;
  }

  return (sql, parameters) => {
    const statement = statementOf(sql);
    if (statement.columns().length > 0) {
      return { rows: statement.all(...parameters) as Record<string, unknown>[], changes: 0 };
    }
    return { rows: [], changes: Number(statement.run(...parameters).changes) };
  };
}
