import { Readable } from 'node:stream';
import { Type } from '@sinclair/typebox';
import type { Caller } from '../../accounts/caller.ts';
import type { AppDeps } from '../../app-deps.ts';
import { csvLine } from './csv.ts';
import { EXPORTS, exportTable } from './export-rows.ts';
import { instant, instantOf } from './instant.ts';
import { type Operation, operation } from './operation.ts';
import { readsGiven } from './reads.ts';

type Deps = Pick<AppDeps, 'store' | 'vault' | 'clock'>;

const readQuery = readsGiven(
  Type.Object(
    {
      what: Type.Union(
        EXPORTS.map((kind) => Type.Literal(kind)),
        { must: `be one of ${EXPORTS.join(', ')}`, description: 'Which list.' },
      ),
      created_after: instant('RFC 3339; this moment included. Left out: from the first one on.'),
      created_before: instant('RFC 3339; this moment not included. Left out: up to now.'),
    },
    { additionalProperties: false },
  ),
);

/** RFC 4180 §3. */
const TYPE = 'text/csv; charset=utf-8; header=present';

/**
 * A whole list as CSV, streamed: a page of it is in memory at a time, and the next one is asked for when the client has taken most of the
 * last. When the store fails on the way the connection is cut, so that no client takes half a list for a whole one.
 */
export function exportList(deps: Deps): Operation<Caller> {
  return operation({
    id: 'exportList',
    summary: 'A whole list as CSV',
    description:
      'RFC 4180 with a header line, newest first. Numbers are in it as long as they are kept. Before a text that a spreadsheet might run as a formula stands an apostrophe, before phone numbers too, and before a text that begins with one.',
    tag: 'Export',
    query: readQuery,
    answers: { 200: { description: 'The list.', type: TYPE } },
    async handle({ who, query }) {
      const { what, created_after: after, created_before: before } = query;
      const now = deps.clock.now();
      const createdBefore = before === undefined ? now + 1 : instantOf('created_before', before);
      const createdAfter = after === undefined ? null : instantOf('created_after', after);
      const { head, pages } = exportTable(what, who, { createdAfter, createdBefore }, deps);
      // The first page before the answer: a store that is down is told of by its status.
      const first = await pages.next();
      const name = `passbell-${what}-${new Date(now).toISOString().slice(0, 10)}.csv`;
      return {
        status: 200,
        headers: { 'content-disposition': `attachment; filename="${name}"`, 'cache-control': 'no-store' },
        body: Readable.from(text(head, first, pages), { objectMode: false }),
      };
    },
  });
}

type Pages = ReturnType<typeof exportTable>['pages'];

async function* text(head: readonly string[], first: Awaited<ReturnType<Pages['next']>>, pages: Pages) {
  yield csvLine(head);
  if (first.done !== true) yield first.value.map(csvLine).join('');
  for await (const rows of pages) yield rows.map(csvLine).join('');
}
