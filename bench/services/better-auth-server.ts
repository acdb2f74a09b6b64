/**
 * better-auth with its phone-number plugin, as its documentation has it for Node: `toNodeHandler` behind `node:http`, a `pg` pool. Run by
 * `better-auth.ts`: `node better-auth-server.ts <port> <database url>`; prints `ready` once its own migrations are done and it listens.
 */
import { createServer } from 'node:http';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import { phoneNumber } from 'better-auth/plugins/phone-number';
import pg from 'pg';
import { MAX_ATTEMPTS } from '../checks/codes.ts';

const [port = '', connectionString = ''] = process.argv.slice(2);

const options = {
  baseURL: `http://127.0.0.1:${port}`,
  secret: 'only used to sign cookies, of which a check without a session sets none',
  database: new pg.Pool({ connectionString }),
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  logger: { disabled: true },
  plugins: [phoneNumber({ allowedAttempts: MAX_ATTEMPTS, sendOTP: () => {} })],
};

await (await getMigrations(options)).runMigrations();
createServer(toNodeHandler(betterAuth(options))).listen(Number(port), '127.0.0.1', () => console.log('ready'));
