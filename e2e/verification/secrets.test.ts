import { execFileSync } from 'node:child_process';
import { createHash, randomInt } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { alphabets } from '../../server/src/otp/code.ts';
import { balance, call, numberFor, type TestAccount } from '../service/api.ts';
import { eventually } from '../service/eventually.ts';
import { inboxOf } from '../service/inbox.ts';
import { type Caller, cancel, check, checkNumber, isReplay, next, resend, start } from '../service/verification.ts';
import { type Deployment, onEachStore } from './on-each-store.ts';

/** What the database and all that was written to the logs hold after a thousand verifications: no code, right or wrong, and nothing of what was said. */

const VERIFICATIONS = 1_000;
const AT_ONCE = 25;
/** One in so many goes by call, to a phone that rejects it. */
const CALL_EACH = 20;

onEachStore(2, (at) => {
  let account: TestAccount;
  /** Long enough to stand in no time and no id by chance. */
  const codes = new Set<string>();
  const texts = new Set<string>();
  const numbers = new Set<string>();
  let output: () => string;

  const canary = () => {
    const code = Array.from({ length: 10 }, () => alphabets.alphanumeric[randomInt(31)]).join('');
    codes.add(code);
    return code;
  };

  beforeAll(async () => {
    output = outputOf(at());
    account = await at().account(1_000);
    for (let i = 0; i < VERIFICATIONS; i += AT_ONCE) {
      await Promise.all(Array.from({ length: AT_ONCE }, (_, j) => sing(i + j)));
    }
    await eventually(
      () => Promise.all([balance(at().url(), account.test), balance(at().url(), account.test, 'voice')]),
      (pools) => pools.every(({ held }) => held === 0),
      60_000,
    );
    // Codes that the service drew itself stand on the phone.
    for (const { text } of await inboxOf(at().url(), account.test)) {
      texts.add(text);
      codes.add(text.split(' ').at(-1) ?? '');
    }
  }, 240_000);

  /** One verification, with all that can happen to it. */
  async function sing(i: number): Promise<void> {
    const caller: Caller = { url: at().url(i), key: account.test };
    const byCall = i % CALL_EACH === 0;
    const to = byCall ? `984${String(i).padStart(3, '0')}0013` : numberFor(100_000 + i);
    const word = `Heron${randomInt(1e9)}sings`;
    const code = i % 3 === 0 ? null : canary();
    const drawn = { alphabet: 'alphanumeric', code_length: 10 };
    const body = {
      ...{ to, text: `${word}: {code}`, ...(code === null ? drawn : { code }) },
      workflow: [{ channel: byCall ? 'voice' : 'sms' }, { channel: 'sms', wait: 200 }],
    };
    texts.add(word);
    numbers.add(to).add(`977${to}`);
    const name = i % 5 === 0 ? `heron-${i}` : undefined;
    const { status, body: made } = await start(caller, body, name);
    expect(status).toBe(201);
    if (name !== undefined) expect(isReplay(await start(caller, body, name))).toBe(true);
    const { id } = made;
    expect((await check(caller, id, canary(), name && `check-${i}`)).body.remaining_attempts).toBe(4);
    if (i % 4 === 0) await checkNumber(caller, to, canary());
    // Of a call that is rejected the next step comes by itself.
    if (i % 7 === 0 && !byCall) expect((await next(caller, id)).status).toBe(200);
    if (i % 11 === 0) expect((await resend(caller, id)).status).toBe(429);
    if (i % 2 === 0 && code !== null) expect((await check(caller, id, code)).body.status).toBe('approved');
    else if (i % 13 === 0) expect((await cancel(caller, id)).status).toBe(200);
    // What is refused is a secret too.
    if (i % 17 === 0) {
      expect((await check(caller, id, `${canary()}!`)).status).toBe(422);
      expect((await start(caller, { to, code: canary(), unknown: canary() })).status).toBe(422);
      await call('GET', `${caller.url}/v1/verifications/ver_${canary()}?code=${canary()}`, { key: caller.key });
      await call('POST', `${caller.url}/v1/verifications`, { key: caller.key, body: `{"code":"${canary()}"` });
    }
  }

  it('no code, no message, no number and no key stands in clear, in any of them', async () => {
    expect(codes.size).toBeGreaterThan(2 * VERIFICATIONS);
    const secrets = [...codes, ...texts, ...numbers, account.test, account.live, at().admin];
    const metrics = await call<string>('GET', `${at().url()}/metrics`);
    const places = { ...dump(at()), output: output(), metrics: metrics.body };
    // The account's id is no secret, and a control: it is found among them.
    expect(found({ places, patterns: [...secrets, account.id] })).toEqual([account.id]);
  });

  it('and no digest of one that can be made without the keys', () => {
    const digests = [...codes].flatMap((code) =>
      (['md5', 'sha1', 'sha256', 'sha512'] as const).flatMap((hash) => {
        const digest = createHash(hash).update(code).digest();
        return [
          digest.toString('hex'),
          digest.toString('base64').slice(0, 20),
          digest.toString('base64url').slice(0, 20),
        ];
      }),
    );
    expect(found({ places: dump(at()), patterns: digests })).toEqual([]);
  });

  it('of what has ended, no code is kept to be compared', async () => {
    const rows = await at().sql(
      `SELECT state, count(*) AS total, count(code_digest) AS kept FROM verifications GROUP BY state ORDER BY state`,
    );
    const kept = Object.fromEntries(rows.map(({ state, total, kept }) => [state, [Number(total) > 0, Number(kept)]]));
    expect(kept).toMatchObject({ approved: [true, 0], canceled: [true, 0], pending: [true, expect.any(Number)] });
  });
});

/** All that the nodes have written to standard output, but the ready line, and to standard error. */
function outputOf({ nodes }: Deployment): () => string {
  const said: string[] = [];
  for (const { process } of nodes) process.stdout?.on('data', (chunk) => said.push(`${chunk}`));
  return () => [...said, ...nodes.map((node) => node.log())].join('\n');
}

/** The octets of the store: every file of the embedded one but its keys, or a dump. */
function dump({ kind, database, data }: Deployment): Record<string, string> {
  if (kind === 'postgres') {
    return { dump: execFileSync('pg_dump', [database], { encoding: 'utf8', maxBuffer: 2 ** 30 }) };
  }
  const files = readdirSync(data, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    files
      .filter((entry) => entry.isFile() && entry.name !== 'keys.json')
      .map(({ name, parentPath }) => [name, `${name}\n${readFileSync(join(parentPath, name), 'latin1')}`]),
  );
}

/** Which of `patterns` stand in any of `places`: by grep, which looks for thousands at once. */
function found({ places, patterns }: { places: Record<string, string>; patterns: readonly string[] }): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'passbell-grep-'));
  const list = join(folder, 'patterns');
  writeFileSync(list, `${patterns.join('\n')}\n`);
  for (const [i, text] of Object.values(places).entries()) writeFileSync(join(folder, `place-${i}`), text, 'latin1');
  try {
    const options = [
      '--text',
      '--only-matching',
      '--no-filename',
      '--fixed-strings',
      '--recursive',
      '--include=place-*',
    ];
    const lines = execFileSync('grep', [...options, '--file', list, folder], {
      encoding: 'latin1',
      maxBuffer: 2 ** 28,
    });
    return [...new Set(lines.trimEnd().split('\n'))];
  } catch (error) {
    // 1: none was found; more: it could not look.
    if ((error as { status?: number }).status === 1) return [];
    throw error;
  }
}
