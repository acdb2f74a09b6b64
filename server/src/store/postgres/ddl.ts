/** A trigger that moves the revision with every change of `table`; `columns` narrows which updates count. */
export function bumps(table: string, columns = ''): string {
  return `CREATE TRIGGER ${table}_revision AFTER INSERT OR UPDATE ${columns} OR DELETE ON ${table}
    FOR EACH STATEMENT EXECUTE FUNCTION bump_revision();`;
}
