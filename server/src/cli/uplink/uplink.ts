import type { Command } from 'commander';
import type { UplinkFields, UplinkRows, UplinkType } from '../../admin/uplink-row.ts';
import type { UplinkKind } from '../../store/tables/uplinks.ts';
import type { Readings } from '../readings.ts';
import type { Field } from './fields.ts';

/** What a command was given, by Commander's names. */
export type UplinkOptions = Readonly<Record<string, unknown>>;

/** What the commands for carriers and those for trunks differ in. */
export interface Uplink<Kind extends UplinkKind, C> {
  readonly type: UplinkType<Kind, C>;
  readonly rows: UplinkRows<Kind>;
  readonly fields: readonly Field[];
  /** A field that several options make up; null: there is none. */
  readonly composed: ComposedField | null;
  readonly needsPassword: boolean;
  /** Where it is, in a list for people. */
  readonly address: (fields: UplinkFields) => string;
  /** Values of fields that people would not want to read as they are. */
  readonly inWords: Readonly<Record<string, (value: unknown) => string>>;
  /** Sentences that `--help` shows, and the answer of a list that is empty. */
  readonly help: Readonly<Record<'add' | 'set' | 'disable' | 'unset' | 'remove' | 'none', string>>;
}

export interface ComposedField {
  readonly name: string;
  flags(command: Command): Command;
  /** What the field becomes; undefined: it is left out. */
  change(before: unknown, options: UplinkOptions, readings: Readings): unknown;
}
