/** Accounts' own words for their codes. `texts` and `spoken` are JSON objects, by language. */
export const fifthSchema = `
CREATE TABLE templates (
  account_id TEXT NOT NULL,
  name TEXT NOT NULL,
  texts TEXT NOT NULL,
  spoken TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, name)
) STRICT, WITHOUT ROWID;
`;
