import { Type } from '@sinclair/typebox';
import type { AppDeps } from '../app-deps.ts';
import type { Handler } from '../dialects/native/endpoint.ts';
import { pageQuery } from '../dialects/native/page.ts';
import { reads, refuseFaults } from '../dialects/native/reads.ts';
import { PassbellError } from '../errors.ts';
import { CARRIER_NAME_RULE, isCarrierName } from '../sms/carrier-name.ts';
import { checkCarrier } from '../sms/smpp/check.ts';
import { parseSmppConfig } from '../sms/smpp/config.ts';
import type { CarrierRow } from '../store/tables/carriers.ts';
import type { ApiKey } from '../store/tables/keys.ts';
import { carrierJson, carrierRow, openConfig } from './carrier-row.ts';

type Deps = Pick<AppDeps, 'store' | 'vault' | 'uplinks' | 'clock'>;

const readCheck = reads(
  Type.Object(
    { to: Type.Optional(Type.String({ pattern: '^\\+[1-9][0-9]{6,14}$', must: 'be a number in E.164' })) },
    { additionalProperties: false, must: 'be an object' },
  ),
);

/** All carriers, in the order in which they are tried. Few enough for one page. */
export function listCarriers(deps: Deps): Handler<ApiKey> {
  return async ({ query }) => {
    pageQuery(query);
    const rows = (await deps.store.carriers.list()).toSorted(
      (a, b) => a.priority - b.priority || (a.name < b.name ? -1 : 1),
    );
    return { status: 200, body: { data: rows.map((row) => shown(deps, row)), next_cursor: null } };
  };
}

export function showCarrier(deps: Deps): Handler<ApiKey> {
  return async ({ params }) => ({ status: 200, body: shown(deps, await carrierAt(deps, params['name'])) });
}

/** Sets a carrier up, or changes it as a whole but for an absent password. Every node uses it within a second. */
export function putCarrier(deps: Deps): Handler<ApiKey> {
  return async ({ params, body }) => {
    const name = params['name'] ?? '';
    if (!isCarrierName(name)) refuseFaults([{ field: 'name', message: `must be ${CARRIER_NAME_RULE}` }]);
    const earlier = await deps.store.carriers.get(name);
    const row = carrierRow(deps.vault, name, body, earlier, deps.clock.now());
    await deps.store.carriers.put(row);
    // This node at once: whoever set the carrier up sends through it next.
    await deps.uplinks.refresh();
    return { status: earlier === null ? 201 : 200, body: shown(deps, row) };
  };
}

export function removeCarrier({ store, uplinks }: Deps): Handler<ApiKey> {
  return async ({ params }) => {
    if (!(await store.carriers.delete(params['name'] ?? ''))) throw new PassbellError('not_found', { what: 'carrier' });
    await uplinks.refresh();
    return { status: 204 };
  };
}

/** Tries the carrier step by step, beside what runs, and tells what was found. Sends one message to `to`, if that is given. */
export function checkNow(deps: Deps): Handler<ApiKey> {
  return async ({ params, body }) => {
    const wanted = readCheck(body ?? {});
    const row = await carrierAt(deps, params['name']);
    const config = openConfig(deps.vault, row);
    const parsed = config === null ? null : parseSmppConfig(config);
    if (parsed === null || 'faults' in parsed) {
      throw new PassbellError('conflict', { field: 'carrier', reason: 'its_configuration_cannot_be_read_put_it_anew' });
    }
    return { status: 200, body: await checkCarrier(parsed.config, { ...wanted, clock: deps.clock }) };
  };
}

async function carrierAt({ store }: Deps, name = ''): Promise<CarrierRow> {
  const row = isCarrierName(name) ? await store.carriers.get(name) : null;
  if (row === null) throw new PassbellError('not_found', { what: 'carrier' });
  return row;
}

/** `status` is this node's; null where it does not have the carrier open (disabled, or put a moment ago). */
function shown({ vault, uplinks }: Deps, row: CarrierRow) {
  const open = uplinks.status().find(({ name, mode }) => name === row.name && mode === 'live');
  const status = open === undefined ? null : { state: open.status.state, trouble: open.status.trouble };
  return { ...carrierJson(vault, row), status };
}
