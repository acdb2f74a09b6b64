import type { Mode } from '../rules/accept.ts';

/** What a dispatcher must know of a carrier or a trunk. */
export interface Uplink {
  readonly name: string;
  status(): { readonly free: number };
}

export interface Route<U extends Uplink> {
  readonly uplink: U;
  /** Lower is tried first; equal ones share the load by free capacity. */
  readonly priority: number;
}

/** Who can carry what. The list may change at any time; the uplinks in it are theirs who made it. */
export interface Routes<U extends Uplink> {
  /** In order of preference; equal ones follow each other. Empty: none is configured for this mode. */
  routes(mode: Mode): readonly Route<U>[];
}
