import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scriptedShell } from '../scripted-shell.ts';
import { type ServedOnce, servedOnce } from '../served-once.ts';

let served: ServedOnce;
const { run, clock } = scriptedShell({ openStore: (options) => served.openStore(options) });
const passbell = (...argv: string[]) => run(...argv, '--data', served.data);

beforeAll(async () => {
  served = await servedOnce(clock);
});
afterAll(() => served.close());

describe('the audit log', () => {
  it('has what commands changed, as the command line’s', async () => {
    await passbell('account', 'create', '--login', 'new@example.com');
    await passbell('account', 'set', 'new@example.com', '--mode', 'live');
    await passbell('key', 'create', '--account', 'new@example.com', '--mode', 'live');
    await passbell('key', 'rotate', '--account', 'new@example.com');
    await passbell('credits', 'grant', '250', '--account', 'new@example.com', '--note', '+9779851023212');
    const carrier = ['--host', '127.0.0.1', '--port', '2775', '--system-id', 's', '--password', 'secret12'];
    await passbell('carrier', 'add', 'kannel', ...carrier);
    await passbell('carrier', 'remove', 'kannel');
    await passbell('account', 'list');
    const { out } = await passbell('audit', 'list', '--json');
    const told = JSON.parse(out).data.map(({ actor, action }: Record<string, string>) => [actor, action]);
    expect(told).toEqual(
      [
        ...['carrier.remove', 'carrier.put', 'credits.grant', 'key.rotate', 'key.create'],
        ...['account.change', 'account.create'],
      ].map((action) => ['cli', action]),
    );
    expect(out).not.toMatch(/secret12|9851023212/);
    const { out: table } = await passbell('audit', 'list', '--limit', '2');
    expect(table.split('\n')[0]).toMatch(/^AT +WHO +WHAT +TO +DETAIL/);
    expect(table.split('\n')).toHaveLength(4);
  });

  it('is found whole, and its head is told, to be compared with one that was noted elsewhere', async () => {
    const head = await served.store.audit.head();
    const { code, out } = await passbell('audit', 'verify', '--json');
    expect([code, JSON.parse(out)]).toEqual([0, { ok: true, entries: head.seq, head }]);
    expect((await passbell('audit', 'verify')).out).toBe(
      `The audit log is whole: ${head.seq} entries. Its head is ${head.seq}:${head.hash}.\n`,
    );
    expect((await passbell('audit', 'verify', '--head', `${head.seq}:${head.hash}`)).code).toBe(0);
    const forged = await passbell('audit', 'verify', '--head', `${head.seq}:${'0'.repeat(64)}`);
    expect(forged).toMatchObject({ code: 1, err: expect.stringContaining('another chain') });
  });

  it('names its first broken link', async () => {
    const db = new DatabaseSync(join(served.data, 'passbell.db'));
    db.exec("DROP TRIGGER audit_not_changed; UPDATE audit SET actor = 'system' WHERE seq = 3");
    db.close();
    const broken = await passbell('audit', 'verify');
    expect(broken.code).toBe(1);
    expect(broken.err).toBe('passbell: The audit log is broken at entry 3: it does not say what was written.\n');
    const json = await passbell('audit', 'verify', '--json');
    expect([json.code, JSON.parse(json.err).error.code]).toEqual([1, 'audit_broken']);
  });
});
