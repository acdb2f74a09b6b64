import type { AppDeps } from '../app-deps.ts';
import { isUplinkName, UPLINK_NAME_RULE } from '../delivery/uplink-name.ts';
import type { OpenUplink, Uplinks } from '../delivery/uplinks.ts';
import type { Handler } from '../dialects/native/endpoint.ts';
import { pageQuery } from '../dialects/native/page.ts';
import { refuseFaults } from '../dialects/native/reads.ts';
import { PassbellError } from '../errors.ts';
import type { ApiKey } from '../store/tables/keys.ts';
import type { UplinkKind, UplinkRow } from '../store/tables/uplinks.ts';
import type { UplinkRows, UplinkType } from './uplink-row.ts';

type Deps = Pick<AppDeps, 'store' | 'vault' | 'clock'>;

/** What the operator's API needs to know of one type of uplink. */
export interface UplinkApi<Kind extends UplinkKind, C> {
  readonly type: UplinkType<Kind, C>;
  readonly rows: UplinkRows<Kind>;
  /** Those of this node. */
  readonly open: Pick<Uplinks<OpenUplink>, 'refresh' | 'status'>;
  /** Tries one, and tells what was found. Rejects with `invalid_request` where `body` asks for what it cannot do. */
  readonly check: (config: C, body: unknown) => Promise<object>;
}

type Verb = 'list' | 'show' | 'put' | 'remove' | 'check';

/** The operator's ways to uplinks of one type. */
export function uplinkHandlers<Kind extends UplinkKind, C>(
  { store, vault, clock }: Deps,
  { type, rows, open, check }: UplinkApi<Kind, C>,
): Readonly<Record<Verb, Handler<ApiKey>>> {
  const { noun, parse } = type;
  const stored = type.stored(store);

  async function rowAt(name = ''): Promise<UplinkRow<Kind>> {
    const row = isUplinkName(name) ? await stored.get(name) : null;
    if (row === null) throw new PassbellError('not_found', { what: noun });
    return row;
  }

  /** `status` is this node's; null where it does not have the uplink open (disabled, or put a moment ago). */
  function shown(row: UplinkRow<Kind>) {
    const here = open.status().find(({ name, mode }) => name === row.name && mode === 'live');
    const status = here === undefined ? null : { state: here.status.state, trouble: here.status.trouble };
    return { ...rows.json(vault, row), status };
  }

  return {
    /** All of them, in the order in which they are tried. Few enough for one page. */
    async list({ query }) {
      pageQuery(query);
      const all = (await stored.list()).toSorted((a, b) => a.priority - b.priority || (a.name < b.name ? -1 : 1));
      return { status: 200, body: { data: all.map(shown), next_cursor: null } };
    },
    async show({ params }) {
      return { status: 200, body: shown(await rowAt(params['name'])) };
    },
    /** Sets one up, or changes it as a whole but for an absent password. Every node uses it within a second. */
    async put({ params, body }) {
      const name = params['name'] ?? '';
      if (!isUplinkName(name)) refuseFaults([{ field: 'name', message: `must be ${UPLINK_NAME_RULE}` }]);
      const earlier = await stored.get(name);
      const row = rows.row(vault, name, body, earlier, clock.now());
      await stored.put(row);
      // This node at once: whoever set it up sends through it next.
      await open.refresh();
      return { status: earlier === null ? 201 : 200, body: shown(row) };
    },
    async remove({ params }) {
      if (!(await stored.delete(params['name'] ?? ''))) throw new PassbellError('not_found', { what: noun });
      await open.refresh();
      return { status: 204 };
    },
    /** Tries it step by step, beside what runs, and tells what was found. */
    async check({ params, body }) {
      const row = await rowAt(params['name']);
      const fields = rows.config(vault, row);
      const parsed = fields === null ? null : parse(fields);
      if (parsed === null || 'faults' in parsed) {
        throw new PassbellError('conflict', { field: noun, reason: 'its_configuration_cannot_be_read_put_it_anew' });
      }
      return { status: 200, body: await check(parsed.config, body ?? {}) };
    },
  };
}
