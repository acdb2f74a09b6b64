import { isAmong, OWN_RECEIVER } from '../rules/callback.ts';
import type { CallbackContent, CallbackRow, Compose } from './callback.ts';
import type { FindsReceivers, Receivers, ReceivingEndpoint } from './receivers.ts';
import type { Told, teller } from './told.ts';

interface Deps {
  readonly receivers: FindsReceivers;
  readonly tell: ReturnType<typeof teller>;
}

/** Makes callbacks out of what the store knows when they leave. */
export function composer({ receivers, tell }: Deps): Compose {
  return async (rows) => {
    const told = await tell(rows);
    return Promise.all(
      rows.map(async (row, i) => {
        const of = told[i] ?? null;
        const account = of && (await receivers(row.accountId));
        return of && account && contentsOf(row, of, account);
      }),
    );
  };
}

/** What goes to the row's receiver, if it still wants it; or to all who do. */
function contentsOf(row: CallbackRow, told: Told, { url, secrets, endpoints }: Receivers): CallbackContent[] {
  const own = row.event === 'ping' ? null : (told.named ?? { url }).url;
  const isFor = (receiver: string) => row.receiver === null || row.receiver === receiver;
  const contents: CallbackContent[] = [];
  if (own !== null && isFor(OWN_RECEIVER)) {
    contents.push({ receiver: OWN_RECEIVER, url: own, body: told.ownBody(), secrets });
  }
  for (const endpoint of endpoints) {
    if (!isFor(endpoint.id) || !wants(endpoint, row, told)) continue;
    contents.push({ receiver: endpoint.id, url: endpoint.url, body: told.body(), secrets: endpoint.secrets });
  }
  return contents;
}

function wants({ id, mode, events }: ReceivingEndpoint, { event, subjectId }: CallbackRow, told: Told): boolean {
  if (event === 'ping') return id === subjectId;
  return mode === told.mode && isAmong(event, events);
}
