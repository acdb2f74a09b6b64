import type { HandsetCallRow, HandsetCallStore, HandsetErrand } from '../../store/tables/handset-calls.ts';

/** The handset's calls in memory, for tests: `rows` holds them by id. */
export function memoryHandsetCallStore() {
  const rows = new Map<string, HandsetCallRow>();
  const errands = new Map<string, HandsetErrand & { answerSealed: string | null }>();

  const callsOf = (accountId: string, numberDigest: string | null, by: 'id' | 'changeId' = 'id') =>
    [...rows.values()]
      .filter((row) => row.accountId === accountId && (numberDigest === null || row.numberDigest === numberDigest))
      .sort((a, b) => (a[by] < b[by] ? -1 : 1));

  const errandOf = (accountId: string, id: string) => {
    const errand = errands.get(id);
    return errand?.accountId === accountId ? errand : undefined;
  };

  const calls: HandsetCallStore = {
    async put(added) {
      for (const row of added) rows.set(row.id, row);
    },
    async get(accountId, id) {
      return callsOf(accountId, null).find((row) => row.id === id) ?? null;
    },
    async list(accountId, numberDigest, limit) {
      return callsOf(accountId, numberDigest).reverse().slice(0, limit);
    },
    async next(accountId, numberDigest, after) {
      return callsOf(accountId, numberDigest).find(({ id }) => after === null || id > after) ?? null;
    },
    async lastChanged(accountId) {
      return callsOf(accountId, null, 'changeId').at(-1) ?? null;
    },
    async nextChanged(accountId, after) {
      return callsOf(accountId, null, 'changeId').find(({ changeId }) => after === null || changeId > after) ?? null;
    },
    async ask(errand) {
      errands.set(errand.id, { ...errand, answerSealed: null });
    },
    async asked(node, limit) {
      return [...errands.values()]
        .filter((errand) => errand.node === node && errand.answerSealed === null)
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .slice(0, limit)
        .map(({ answerSealed: _, ...errand }) => errand);
    },
    async answer(accountId, id, answerSealed) {
      const errand = errandOf(accountId, id);
      if (errand) errand.answerSealed = answerSealed;
    },
    async answered(accountId, id) {
      return errandOf(accountId, id)?.answerSealed ?? null;
    },
    async callOff(accountId, id) {
      if (errandOf(accountId, id)) errands.delete(id);
    },
    async sweep(before, limit) {
      const oldRows = [...rows.values()].filter((row) => row.startedAt < before).slice(0, limit);
      const oldErrands = [...errands.values()].filter((errand) => errand.createdAt < before).slice(0, limit);
      for (const { id } of oldRows) rows.delete(id);
      for (const { id } of oldErrands) errands.delete(id);
      return oldRows.length + oldErrands.length;
    },
  };
  return { handsetCalls: calls, rows };
}
