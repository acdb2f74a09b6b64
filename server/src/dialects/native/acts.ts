import { type AuditLog, actorOf } from '../../accounts/audit-log.ts';
import type { Caller } from '../../accounts/caller.ts';
import { type Acts, audited, type Done, fieldsOf } from './audited.ts';
import type { Paths } from './endpoint.ts';
import type { Answer, Call } from './operation.ts';

type CallerActs = Acts<Caller>;
type Of = (call: Call<Caller>, answer: Answer) => Done;

/** What the account's own API does that is written down. Senders and secrets are told of by their account: a sender may be a number. */
export const nativeActs: CallerActs = {
  makeKey: (_, { body }) => {
    const { id, mode, kind } = body as { id: string; mode: string; kind: string };
    return { action: 'key.create', objectType: 'key', objectId: bare(id), detail: { mode, kind } };
  },
  endKey: ({ params }, { body }) => {
    const { revoked_at } = body as { revoked_at: string | null };
    return { action: 'key.revoke', objectType: 'key', objectId: bare(params['id']), detail: { revoked_at } };
  },
  addSender: ofAccount('sender.add'),
  removeSender: ofAccount('sender.remove'),
  changeSettings: (call) => ({ ...ofAccount('settings.change')(call, NO_ANSWER), detail: fieldsOf(call) }),
  rotateSigningSecret: ofAccount('secret.rotate'),
  createCallbackEndpoint: (_, { body }) => {
    const { id } = body as { id: string };
    return { action: 'endpoint.create', objectType: 'endpoint', objectId: bare(id) };
  },
  changeCallbackEndpoint: (call) => ({ ...endpoint('endpoint.change')(call, NO_ANSWER), detail: fieldsOf(call) }),
  removeCallbackEndpoint: endpoint('endpoint.remove'),
  rotateCallbackEndpointSecret: endpoint('secret.rotate'),
  putTemplate: named('template.put', 'template', 'name'),
  removeTemplate: named('template.remove', 'template', 'name'),
  putAudio: named('audio.put', 'audio', '*'),
  deleteAudio: named('audio.remove', 'audio', '*'),

  // They write down what they did themselves: it is known only there.
  eraseNumber: null,
  // Codes come and go in the records of their own.
  createVerification: null,
  checkCode: null,
  checkCodeByNumber: null,
  resendVerification: null,
  nextStep: null,
  cancelVerification: null,
  giveFeedback: null,
  replayCallback: null,
  pingCallbackEndpoint: null,
  // The sandbox phone.
  answerHandsetCall: null,
  rejectHandsetCall: null,
  hangUpHandsetCall: null,
  pressHandsetKeys: null,
};

/** Has what callers change written down as theirs. */
export function auditedPaths({ audit }: { readonly audit: AuditLog }): (paths: Paths<Caller>) => Paths<Caller> {
  const by = (who: Caller) => ({ actor: actorOf(who), accountId: who.account.id });
  return (paths) => audited(paths, { audit, acts: nativeActs, by });
}

const NO_ANSWER: Answer = { status: 200 };

function ofAccount(action: Done['action']): Of {
  return ({ who }) => ({ action, objectType: 'account', objectId: who.account.id });
}

function endpoint(action: Done['action']): Of {
  return ({ params }) => ({ action, objectType: 'endpoint', objectId: bare(params['id']) });
}

function named(action: Done['action'], objectType: string, param: string): Of {
  return ({ params }) => ({ action, objectType, objectId: params[param] ?? '' });
}

/** `key_0199…` is known as `0199…` everywhere in the log. */
function bare(id = ''): string {
  return id.slice(id.indexOf('_') + 1);
}
