/** Accounts' own words for their codes. `texts` and `spoken` are JSON objects, by language. */
export const fifthSchema = `
CREATE TABLE templates (
  account_id uuid NOT NULL,
  name text COLLATE "C" NOT NULL,
  texts text NOT NULL,
  spoken text NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (account_id, name)
);
`;
