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
