/** Ids by their accounts: every table's key begins with the account, so what is looked up together is asked for account by account. */
export function byAccount(whose: Iterable<readonly [accountId: string, id: string]>): ReadonlyMap<string, string[]> {
  const ids = new Map<string, string[]>();
  for (const [accountId, id] of whose) {
    const known = ids.get(accountId);
    if (known) known.push(id);
    else ids.set(accountId, [id]);
  }
  return ids;
}
