import { Type } from '@sinclair/typebox';
import { looksAt, refuseFaults } from '../dialects/native/reads.ts';
import type { Fault } from '../errors.ts';
import type { Store } from '../store/store.ts';
import type { UplinkKind, UplinkRow, UplinkStore } from '../store/tables/uplinks.ts';
import type { Vault } from '../vault/vault.ts';
import { kindField, uplinkCommon } from './uplink-schema.ts';

/** What stands in an answer where a password was; sent back, it stands for the password that is there. */
const SET = '[set]';
const DEFAULT_PRIORITY = 100;

/** What carriers and trunks differ in, for those who set them up. */
export interface UplinkType<Kind extends UplinkKind, C> {
  /** What people call one; its sealed configuration stands under this name, and opens under no other. */
  readonly noun: 'carrier' | 'trunk';
  readonly kind: Kind;
  /** The field of the configuration that says whose the password is. */
  readonly user: string;
  readonly stored: (store: Store) => UplinkStore<Kind>;
  readonly parse: (json: unknown) => { readonly config: C } | { readonly faults: readonly Fault[] };
}

export type UplinkFields = Readonly<Record<string, unknown>>;
type Sealing = Pick<Vault, 'seal' | 'open'>;

/** An uplink as it comes in and goes out: what all kinds have, and the configuration of its own. */
interface UplinkBody extends UplinkFields {
  readonly priority?: number;
  readonly enabled?: boolean;
}

/** The rows of one type of uplink: as they are written, read and shown. */
export interface UplinkRows<Kind extends UplinkKind> {
  /**
   * The row of an uplink that is to be as `body` says. A body with a user and without a password keeps the one of `earlier`.
   * @throws {PassbellError} `invalid_request` with every fault at once.
   */
  row(vault: Sealing, name: string, body: unknown, earlier: UplinkRow<Kind> | null, now: number): UplinkRow<Kind>;
  /** The configuration as it was given, its password included; null when its key is not here. */
  config(vault: Sealing, row: UplinkRow<Kind>): UplinkFields | null;
  /** An uplink as it may be shown. `readable` is false when it was sealed with a key that is not here: then it has to be put anew. */
  json(vault: Sealing, row: UplinkRow<Kind>): UplinkJson;
}

export interface UplinkJson extends UplinkFields {
  readonly name: string;
  readonly kind: UplinkKind;
  readonly priority: number;
  readonly enabled: boolean;
  readonly readable: boolean;
}

export function uplinkRows<Kind extends UplinkKind, C>(type: UplinkType<Kind, C>): UplinkRows<Kind> {
  const { noun, kind, user, parse } = type;
  const placeOf = (name: string) => ({ account: '', row: name, column: noun });
  const common = looksAt(Type.Object({ kind: kindField(kind), ...uplinkCommon }, { must: 'be an object' }));

  function config(vault: Sealing, { name, configSealed }: UplinkRow<Kind>): UplinkFields | null {
    const text = vault.open(placeOf(name), configSealed);
    return text === null ? null : (JSON.parse(text) as UplinkFields);
  }

  function withPassword(given: UplinkFields, earlier: UplinkFields | null): UplinkFields {
    const { password, ...rest } = given;
    // Nobody's password is of no use: whoever takes the user away takes it with him.
    const before = given[user] === undefined || given[user] === null ? undefined : earlier?.['password'];
    const kept = password === undefined || password === SET ? before : password;
    return kept === undefined || kept === null ? rest : { ...rest, password: kept };
  }

  return {
    config,
    row(vault, name, body, earlier, now) {
      const commonFaults = common(body);
      if (!isObject(body)) refuseFaults(commonFaults);
      const { kind: _, priority = DEFAULT_PRIORITY, enabled = true, ...given } = body as UplinkBody;
      const fields = withPassword(given, earlier && config(vault, earlier));
      const parsed = parse(fields);
      refuseFaults([...commonFaults, ...('faults' in parsed ? parsed.faults : [])]);
      return {
        ...{ name, kind, priority, enabled },
        configSealed: vault.seal(placeOf(name), JSON.stringify(fields)),
        // Nodes reopen an uplink when this moved: two changes within one millisecond must not look like one.
        updatedAt: Math.max(now, (earlier?.updatedAt ?? 0) + 1),
      };
    },
    json(vault, row) {
      const { name, priority, enabled, updatedAt } = row;
      const fields = config(vault, row);
      return {
        ...{ name, kind, priority, enabled, readable: fields !== null },
        ...fields,
        ...(fields?.['password'] !== undefined && { password: SET }),
        updated_at: new Date(updatedAt).toISOString(),
      };
    },
  };
}

function isObject(body: unknown): body is UplinkFields {
  return typeof body === 'object' && body !== null && !Array.isArray(body);
}
