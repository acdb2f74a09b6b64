import type { Command } from 'commander';
import { carrierJson } from '../../admin/carrier-row.ts';
import { answer } from '../answer.ts';
import type { Shell } from '../shell.ts';
import { card } from '../table.ts';
import { type StoreOptions, storeFlags, withStore } from '../with-store.ts';
import { findCarrier } from './find.ts';

export function registerCarrierShow(parent: Command, shell: Shell): void {
  const command = parent
    .command('show')
    .description('show how a carrier is set up; what is not shown stands at its default')
    .argument('<name>', 'of the carrier');
  storeFlags(command).action((name: string, options: StoreOptions) =>
    withStore(shell, options, async ({ store, vault }) => {
      const document = carrierJson(await vault(), await findCarrier(store.carriers, name));
      answer(shell, options, document, carrierCard(document));
    }),
  );
}

/** A carrier for people; its password is in neither form. */
export function carrierCard(document: object): string {
  return card(
    Object.entries(document).map(([name, value]) => [name, name === 'tls' ? tlsInWords(value) : String(value)]),
  );
}

function tlsInWords(tls: unknown): string {
  if (typeof tls !== 'object' || tls === null) return tls === true ? 'on' : 'off';
  const { ca, servername, insecure } = tls as { ca?: unknown; servername?: unknown; insecure?: unknown };
  const parts = [
    'on',
    ca ? 'own authority' : '',
    servername ? `name ${servername}` : '',
    insecure ? 'ANY certificate' : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}
