import { afterAll, beforeAll, expect, it } from 'vitest';
import { auditedSessions } from './audited-sessions.ts';
import { openRig, type Rig } from './rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

it('write down when an operator signs in, and nobody else', async () => {
  const sessions = auditedSessions(rig.sessions, rig.audit);
  const password = 'a long password';
  const member = await rig.account({ password });
  const operator = await rig.account({ password, role: 'operator' });
  expect(await sessions.signIn(member.account.login, password)).not.toBeNull();
  expect(await sessions.signIn(operator.account.login, 'a wrong password')).toBeNull();
  expect(await rig.store.audit.list({}, 10, null)).toEqual([]);

  const signIn = await sessions.signIn(operator.account.login, password);
  const user = await rig.store.users.byEmail(operator.account.login);
  expect((await sessions.caller(signIn?.access ?? ''))?.role).toBe('operator');
  expect(await rig.store.audit.list({}, 10, null)).toMatchObject([
    { action: 'admin.sign_in', actor: `user:${user?.id}`, objectType: 'user', objectId: user?.id, accountId: null },
  ]);
});
