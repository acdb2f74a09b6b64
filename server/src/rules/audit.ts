/** Who did it: a key of an account, an operator's token, a signed-in person, the command line, or the service by itself. */
export type Actor = `key:${string}` | `admin_token:${string}` | `user:${string}` | 'cli' | 'system';

/** What may be done to what is kept. A closed list: a filter that names another one is refused. */
export const AUDIT_ACTIONS = [
  'account.create',
  'account.change',
  'credits.grant',
  'settings.change',
  'sender.add',
  'sender.remove',
  'key.create',
  'key.rotate',
  'key.revoke',
  'secret.rotate',
  'template.put',
  'template.remove',
  'endpoint.create',
  'endpoint.change',
  'endpoint.remove',
  'carrier.put',
  'carrier.remove',
  'trunk.put',
  'trunk.remove',
  'audio.put',
  'audio.remove',
  'number.erase',
  'admin.sign_in',
  'ledger.fold',
  'audit.trim',
] as const;

export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** One thing that was done. Holds no code, no phone number, no key and no password: it outlives them all. */
export interface AuditEntry {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly actor: Actor;
  readonly action: AuditAction;
  /** What it was done to: a type (`key`, `account`, `carrier` …) and the id or name that it goes by. */
  readonly objectType: string;
  readonly objectId: string;
  /** Whose it is; null: the operator's. */
  readonly accountId: string | null;
  /** The request's id, as its answer and the log have it; null where there was none. */
  readonly requestId: string | null;
  /** What more there is to know, flat: names of fields that changed, counts. */
  readonly detail: Readonly<Record<string, string | number | boolean | null>>;
}

/** An entry in its place in the chain. */
export interface AuditRow extends AuditEntry {
  /** Counts from 1 without gaps. */
  readonly seq: number;
  /** The hash of the row before it. */
  readonly previous: string;
  readonly hash: string;
}
