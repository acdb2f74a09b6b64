import type { TSchema } from '@sinclair/typebox';
import type { AppDeps } from '../app-deps.ts';
import { isUplinkName, UPLINK_NAME_RULE } from '../delivery/uplink-name.ts';
import type { OpenUplink, Uplinks } from '../delivery/uplinks.ts';
import { type Operation, operation, type Reader } from '../dialects/native/operation.ts';
import { pageQuery, pageSchema } from '../dialects/native/page.ts';
import { reader, refuseFaults } from '../dialects/native/reads.ts';
import { PassbellError } from '../errors.ts';
import type { ApiKey } from '../store/tables/keys.ts';
import type { UplinkKind, UplinkRow } from '../store/tables/uplinks.ts';
import type { UplinkRows, UplinkType } from './uplink-row.ts';
import { uplinkParams as params, type UplinkAnswer } from './uplink-schema.ts';

type Deps = Pick<AppDeps, 'store' | 'vault' | 'clock'>;

/** What the operator's API needs to know of one type of uplink. */
export interface UplinkApi<Kind extends UplinkKind, C, Asked> {
  readonly type: UplinkType<Kind, C>;
  readonly rows: UplinkRows<Kind>;
  /** Those of this node. */
  readonly open: Pick<Uplinks<OpenUplink>, 'refresh' | 'status'>;
  /** How one is put; read by `rows`. */
  readonly body: TSchema;
  /** How one is shown. */
  readonly answer: UplinkAnswer;
  readonly check: {
    readonly description: string;
    readonly body: Reader<Asked>;
    readonly report: TSchema;
    /** Tries one, and tells what was found. */
    readonly run: (config: C, asked: Asked) => Promise<object>;
  };
}

type Verb = 'list' | 'show' | 'put' | 'remove' | 'check';

/** The operator's ways to uplinks of one type. */
export function uplinkOperations<Kind extends UplinkKind, C, Asked>(
  { store, vault, clock }: Deps,
  { type, rows, open, body, answer, check }: UplinkApi<Kind, C, Asked>,
): Readonly<Record<Verb, Operation<ApiKey>>> {
  const { noun, parse } = type;
  const Noun = noun === 'carrier' ? 'Carrier' : 'Trunk';
  const tag = `${Noun}s`;
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
    list: operation({
      id: `list${Noun}s`,
      summary: `List ${noun}s`,
      description: 'In the order in which they are tried.',
      tag,
      query: pageQuery,
      answers: { 200: { description: 'All of them, on one page.', body: pageSchema(answer) } },
      async handle() {
        const all = (await stored.list()).toSorted((a, b) => a.priority - b.priority || (a.name < b.name ? -1 : 1));
        return { status: 200, body: { data: all.map(shown), next_cursor: null } };
      },
    }),
    show: operation({
      id: `show${Noun}`,
      summary: `Show a ${noun}`,
      ...{ tag, params },
      answers: { 200: { description: `The ${noun}, without its password.`, body: answer } },
      handle: async ({ params }) => ({ status: 200, body: shown(await rowAt(params['name'])) }),
    }),
    put: operation({
      id: `put${Noun}`,
      summary: `Set up a ${noun}`,
      description: 'Or change it, as a whole but for an absent password. Every node uses it within a second.',
      ...{ tag, params },
      body: reader(body, (given: unknown) => given),
      answers: {
        200: { description: 'It was changed.', body: answer },
        201: { description: 'It was set up.', body: answer },
      },
      async handle({ params, body }) {
        const name = params['name'] ?? '';
        if (!isUplinkName(name)) refuseFaults([{ field: 'name', message: `must be ${UPLINK_NAME_RULE}` }]);
        const earlier = await stored.get(name);
        const row = rows.row(vault, name, body, earlier, clock.now());
        await stored.put(row);
        // This node at once: whoever set it up sends through it next.
        await open.refresh();
        return { status: earlier === null ? 201 : 200, body: shown(row) };
      },
    }),
    remove: operation({
      id: `remove${Noun}`,
      summary: `Remove a ${noun}`,
      ...{ tag, params },
      answers: { 204: { description: 'It is gone.' } },
      async handle({ params }) {
        if (!(await stored.delete(params['name'] ?? ''))) throw new PassbellError('not_found', { what: noun });
        await open.refresh();
        return { status: 204 };
      },
    }),
    check: operation({
      id: `check${Noun}`,
      summary: `Try a ${noun}`,
      description: check.description,
      ...{ tag, params },
      body: check.body,
      bodyOptional: true,
      answers: { 200: { description: 'What was found, step by step.', body: check.report } },
      problems: ['conflict'],
      /** Tries it beside what runs. */
      async handle({ params, body }) {
        const fields = rows.config(vault, await rowAt(params['name']));
        const parsed = fields === null ? null : parse(fields);
        if (parsed === null || 'faults' in parsed) {
          throw new PassbellError('conflict', { field: noun, reason: 'its_configuration_cannot_be_read_put_it_anew' });
        }
        return { status: 200, body: await check.run(parsed.config, body) };
      },
    }),
  };
}
