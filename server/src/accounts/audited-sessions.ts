import { type AuditLog, actorOf } from './audit-log.ts';
import type { Sessions } from './sessions.ts';

/** Sessions whose operators' sign-ins are written down before they count: who may change everything leaves a trace of having come. */
export function auditedSessions(sessions: Sessions, audit: AuditLog): Sessions {
  return {
    ...sessions,
    async signIn(email, password, address) {
      const signIn = await sessions.signIn(email, password, address);
      const caller = signIn && (await sessions.caller(signIn.access));
      if (caller?.role === 'operator' && caller.via.kind === 'session') {
        await audit({
          ...{ actor: actorOf(caller), requestId: null, action: 'admin.sign_in' },
          ...{ objectType: 'user', objectId: caller.via.userId, accountId: null },
        });
      }
      return signIn;
    },
  };
}
