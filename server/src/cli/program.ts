import { Command } from 'commander';
import { VERSION } from '../version.ts';
import { registerAccountCreate } from './account/create.ts';
import { registerAccountList } from './account/list.ts';
import { registerAccountSet } from './account/set.ts';
import { registerAccountShow } from './account/show.ts';
import { registerCarrierAdd } from './carrier/add.ts';
import { registerCarrierCheck } from './carrier/check.ts';
import { registerCarrierList } from './carrier/list.ts';
import { registerCarrierRemove } from './carrier/remove.ts';
import { registerCarrierSet } from './carrier/set.ts';
import { registerCarrierShow } from './carrier/show.ts';
import { registerCreditsGrant } from './credits/grant.ts';
import { registerCreditsList } from './credits/list.ts';
import { registerCreditsShow } from './credits/show.ts';
import { registerKeyCreate } from './key/create.ts';
import { registerKeyList } from './key/list.ts';
import { registerKeyRevoke } from './key/revoke.ts';
import { registerKeyRotate } from './key/rotate.ts';
import { registerMessages } from './messages.ts';
import { registerSend } from './send.ts';
import type { Shell } from './shell.ts';

/**
 * Every command of `passbell`, on one screen. Throws instead of ending the process; `run` tells what was wrong.
 *
 * @param registerServe adds `serve`: given, because it stands on the whole service, and the others need little of it
 */
export function passbell(shell: Shell, registerServe: (program: Command) => void): Command {
  const program = new Command('passbell')
    .description('Passbell sends one-time passcodes by SMS and by phone call, and checks them.')
    .version(VERSION)
    .exitOverride()
    .configureOutput({ writeOut: shell.out, writeErr: shell.err, outputError: () => {} });
  registerServe(program);

  const account = program.command('account').description('accounts and their settings');
  registerAccountCreate(account, shell);
  registerAccountList(account, shell);
  registerAccountShow(account, shell);
  registerAccountSet(account, shell);

  const key = program.command('key').description('API keys, product tokens and admin tokens');
  registerKeyCreate(key, shell);
  registerKeyList(key, shell);
  registerKeyRevoke(key, shell);
  registerKeyRotate(key, shell);

  const credits = program.command('credits').description('what accounts may spend, and what they spent');
  registerCreditsGrant(credits, shell);
  registerCreditsShow(credits, shell);
  registerCreditsList(credits, shell);

  const carrier = program.command('carrier').description('the SMS carriers that live keys send through');
  registerCarrierAdd(carrier, shell);
  registerCarrierList(carrier, shell);
  registerCarrierShow(carrier, shell);
  registerCarrierSet(carrier, shell);
  registerCarrierRemove(carrier, shell);
  registerCarrierCheck(carrier, shell);

  registerSend(program, shell);
  registerMessages(program, shell);
  return program;
}
