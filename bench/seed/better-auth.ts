import pg from 'pg';
import { codeOf, numberOf, TTL_MS } from '../checks/codes.ts';

/** Rows in one statement. */
const AT_ONCE = 10_000;

/**
 * Fills better-auth's tables with `count` codes as its `/phone-number/send-otp` writes them (`<code>:<failed attempts>`, the number in the
 * identifier), and with the users that they belong to: it approves a right code for a user that exists, or makes one.
 */
export async function seedBetterAuth(url: string, count: number, now: number): Promise<void> {
  const db = new pg.Client({ connectionString: url });
  await db.connect();
  try {
    await db.query('SET synchronous_commit = off');
    for (let first = 0; first < count; first += AT_ONCE) {
      const rows = Array.from({ length: Math.min(AT_ONCE, count - first) }, (_, n) => first + n);
      const numbers = rows.map(numberOf);
      // Its ids are 32 random letters and digits.
      await db.query(
        `INSERT INTO "user" (id, name, email, "emailVerified", "phoneNumber", "phoneNumberVerified", "createdAt", "updatedAt")
         SELECT md5('user' || number), number, number || '@example.com', false, number, false, $2, $2 FROM unnest($1::text[]) AS number`,
        [numbers, new Date(now)],
      );
      await db.query(
        `INSERT INTO verification (id, identifier, value, "expiresAt", "createdAt", "updatedAt")
         SELECT md5(number), 'phone-number-otp-' || number, code || ':0', $3, $4, $4 FROM unnest($1::text[], $2::text[]) AS row(number, code)`,
        [numbers, rows.map(codeOf), new Date(now + TTL_MS), new Date(now)],
      );
    }
    await db.query('VACUUM (ANALYZE) verification');
    await db.query('VACUUM (ANALYZE) "user"');
    await db.query('CHECKPOINT');
  } finally {
    await db.end();
  }
}
