import type { CarrierColumns, Database } from '../schema.ts';
/** A carrier as configured by the operator; `config` is sealed, for it holds a password. */
export interface CarrierRow {
  readonly name: string;
  readonly kind: 'smpp';
  /** Lower is tried first; equal ones share the load. */
  readonly priority: number;
  readonly enabled: boolean;
  readonly configSealed: string;
  readonly updatedAt: number;
}

export interface CarrierStore {
  put(row: CarrierRow): Promise<void>;
  get(name: string): Promise<CarrierRow | null>;
  list(): Promise<readonly CarrierRow[]>;
  /** False when there was none. */
  delete(name: string): Promise<boolean>;
}

export function carrierStore(db: Database): CarrierStore {
  return {
    async put({ name, kind, priority, enabled, configSealed, updatedAt }) {
      const columns = {
        kind,
        priority,
        enabled: enabled ? 1 : 0,
        config_sealed: configSealed,
        updated_at: updatedAt,
      } as const;
      await db
        .insertInto('carriers')
        .values({ name, ...columns })
        .onConflict((conflict) => conflict.column('name').doUpdateSet(columns))
        .execute();
    },
    async get(name) {
      const row = await db.selectFrom('carriers').selectAll().where('name', '=', name).executeTakeFirst();
      return row ? carrierOf(row) : null;
    },
    async list() {
      const rows = await db.selectFrom('carriers').selectAll().orderBy('priority').orderBy('name').execute();
      return rows.map(carrierOf);
    },
    async delete(name) {
      const { numDeletedRows } = await db.deleteFrom('carriers').where('name', '=', name).executeTakeFirstOrThrow();
      return numDeletedRows > 0n;
    },
  };
}

function carrierOf(row: CarrierColumns): CarrierRow {
  const { name, kind, priority } = row;
  return {
    name,
    kind,
    priority,
    enabled: row.enabled === 1,
    configSealed: row.config_sealed,
    updatedAt: row.updated_at,
  };
}
