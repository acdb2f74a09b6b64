import type { CarrierColumns, Database } from '../schema.ts';

/** An uplink as configured by the operator; `config` is sealed, for it holds a password. */
export interface UplinkRow<Kind extends UplinkKind> {
  readonly name: string;
  readonly kind: Kind;
  /** Lower is tried first; equal ones share the load. */
  readonly priority: number;
  readonly enabled: boolean;
  readonly configSealed: string;
  readonly updatedAt: number;
}

export type UplinkKind = 'smpp' | 'sip';
export type CarrierRow = UplinkRow<'smpp'>;
export type TrunkRow = UplinkRow<'sip'>;

export interface UplinkStore<Kind extends UplinkKind> {
  put(row: UplinkRow<Kind>): Promise<void>;
  get(name: string): Promise<UplinkRow<Kind> | null>;
  list(): Promise<readonly UplinkRow<Kind>[]>;
  /** False when there was none. */
  delete(name: string): Promise<boolean>;
}

const TABLES = { smpp: 'carriers', sip: 'trunks' } as const;

/** The uplinks of one kind: the tables are alike. */
export function uplinkStore<Kind extends UplinkKind>(db: Database, kind: Kind): UplinkStore<Kind> {
  // Their rows differ by `kind` alone, which the queries do not look into.
  const table = TABLES[kind] as 'carriers';
  return {
    async put({ name, priority, enabled, configSealed, updatedAt }) {
      const columns = {
        kind: kind as 'smpp',
        priority,
        enabled: enabled ? 1 : 0,
        config_sealed: configSealed,
        updated_at: updatedAt,
      } as const;
      await db
        .insertInto(table)
        .values({ name, ...columns })
        .onConflict((conflict) => conflict.column('name').doUpdateSet(columns))
        .execute();
    },
    async get(name) {
      const row = await db.selectFrom(table).selectAll().where('name', '=', name).executeTakeFirst();
      return row ? uplinkOf<Kind>(row) : null;
    },
    async list() {
      const rows = await db.selectFrom(table).selectAll().orderBy('priority').orderBy('name').execute();
      return rows.map(uplinkOf<Kind>);
    },
    async delete(name) {
      const { numDeletedRows } = await db.deleteFrom(table).where('name', '=', name).executeTakeFirstOrThrow();
      return numDeletedRows > 0n;
    },
  };
}

function uplinkOf<Kind extends UplinkKind>(row: CarrierColumns<UplinkKind>): UplinkRow<Kind> {
  const { name, priority } = row;
  return {
    name,
    kind: row.kind as Kind,
    priority,
    enabled: row.enabled === 1,
    configSealed: row.config_sealed,
    updatedAt: row.updated_at,
  };
}
