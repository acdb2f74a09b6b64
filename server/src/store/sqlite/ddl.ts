/**
 * Whether `column` holds one of `values`. Spelt out: for IN with more than two values SQLite builds a small table at every run of a
 * statement, and those of one send took a third of its time.
 */
export function oneOf(column: string, ...values: readonly string[]): string {
  return values.map((value) => `${column} = '${value}'`).join(' OR ');
}

/** Triggers that move the revision with every change of `table`; `columns` narrows which updates count. */
export function bumps(table: string, columns = ''): string {
  return ['INSERT', `UPDATE ${columns}`, 'DELETE']
    .map((event, i) => {
      const name = `${table}_revision_${i}`;
      return `CREATE TRIGGER ${name} AFTER ${event} ON ${table} BEGIN UPDATE revision SET value = value + 1; END;`;
    })
    .join('\n');
}
