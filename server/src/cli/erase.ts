import type { Command } from 'commander';
import { isError } from '../errors.ts';
import { type Erasure, erasureJson, numberEraser } from '../retention/erase-number.ts';
import { type PhoneNumber, parsePhoneNumber } from '../values/phone-number.ts';
import { answer } from './answer.ts';
import { CommandError } from './command-error.ts';
import { findAccount } from './find-account.ts';
import { readings } from './readings.ts';
import type { Shell } from './shell.ts';
import { type Books, type StoreOptions, storeFlags, withStore } from './with-store.ts';

interface Options extends StoreOptions {
  readonly account?: string;
  readonly to: string;
}

/** Stands for no node: callbacks that a cancel makes due are taken over by a server that runs. */
const NO_NODE = 'command line';

export function registerErase(program: Command, shell: Shell): void {
  const command = program
    .command('erase')
    .description('erase all that an account keeps of a phone number, at once and for good')
    .requiredOption('--to <number>', 'the number, in any spelling')
    .option('--account <login|id>', 'whose; not needed while there is only one account');
  storeFlags(command).action((options: Options) =>
    withStore(shell, options, async (books) => {
      const account = await findAccount(books.store.accounts, options.account);
      const { read, done } = readings();
      const number = read('--to', options.to, (text) => parsed(text, account.country));
      done();
      if (number === undefined) throw new Error('a number without faults');
      const erase = await eraser(shell, books);
      const erased = await erase(account, number, { actor: 'cli', requestId: null }).catch((error: unknown) => {
        if (!isError(error, 'conflict')) throw error;
        const message = 'Something is on its way to the number, and needs it. Try again in a moment.';
        throw new CommandError('conflict', message);
      });
      answer(shell, options, { account_id: account.id, ...erasureJson(erased) }, sentence(account.login, erased));
    }),
  );
}

async function eraser({ clock }: Shell, { store, audit, vault }: Books) {
  return numberEraser({
    ...{ store, audit, vault: await vault() },
    cancel: ({ account, id }) =>
      store.verify([{ kind: 'cancel', accountId: account.id, id, replay: null }], NO_NODE, clock.now()),
  });
}

function parsed(text: string, country: string): { value: PhoneNumber } | { fault: string } {
  const number = parsePhoneNumber(text, country);
  return number.ok ? { value: number.number } : { fault: number.reason };
}

function sentence(login: string, { sends, calls, canceled, handsetMessages, handsetCalls }: Erasure): string {
  const handset = handsetMessages + handsetCalls;
  if (sends + handset === 0) return `${login} kept nothing of that number.\n`;
  const running = canceled === 0 ? '' : `; ${canceled} running verifications were canceled`;
  return `Erased from ${login}: ${sends} sends, ${calls} call records, ${handset} on the sandbox phone${running}.\n`;
}
