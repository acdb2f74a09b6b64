import type { HandsetRow, HandsetStore } from '../store/tables/handset.ts';

/** The handset's table in memory, for tests: `commits` holds what each `add` was given. */
export function memoryHandsetStore() {
  const commits: (readonly HandsetRow[])[] = [];
  const rows = (accountId: string, numberDigest: string | null) =>
    commits
      .flat()
      .filter((row) => row.accountId === accountId && (numberDigest === null || row.numberDigest === numberDigest))
      .sort((a, b) => (a.id < b.id ? -1 : 1));

  const handset: HandsetStore = {
    async add(added) {
      commits.push(added);
    },
    async list(accountId, numberDigest, limit) {
      return rows(accountId, numberDigest).reverse().slice(0, limit);
    },
    async next(accountId, numberDigest, after) {
      return rows(accountId, numberDigest).find((row) => after === null || row.id > after) ?? null;
    },
    async sweep(before, limit) {
      const old = new Set(
        commits
          .flat()
          .filter((row) => row.receivedAt < before)
          .slice(0, limit),
      );
      const kept = commits.flat().filter((row) => !old.has(row));
      commits.splice(0, commits.length, kept);
      return old.size;
    },
  };
  return { handset, commits };
}
