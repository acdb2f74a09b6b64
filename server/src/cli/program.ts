import { Command } from 'commander';
import { VERSION } from '../version.ts';
import { registerAccountCreate } from './account/create.ts';
import { registerAccountList } from './account/list.ts';
import { registerAccountSet } from './account/set.ts';
import { registerAccountShow } from './account/show.ts';
import { registerAudioList } from './audio/list.ts';
import { registerAudioPlay } from './audio/play.ts';
import { registerAudioRemove } from './audio/remove.ts';
import { registerAudioUpload } from './audio/upload.ts';
import { registerAuditList } from './audit/list.ts';
import { registerAuditVerify } from './audit/verify.ts';
import { registerCalls } from './calls.ts';
import { carrier } from './carrier/carrier.ts';
import { registerCarrierCheck } from './carrier/check.ts';
import { registerCreditsGrant } from './credits/grant.ts';
import { registerCreditsList } from './credits/list.ts';
import { registerCreditsShow } from './credits/show.ts';
import { registerErase } from './erase.ts';
import { registerKeyCreate } from './key/create.ts';
import { registerKeyList } from './key/list.ts';
import { registerKeyRevoke } from './key/revoke.ts';
import { registerKeyRotate } from './key/rotate.ts';
import { registerMessages } from './messages.ts';
import { registerSend } from './send.ts';
import type { Shell } from './shell.ts';
import { registerTrunkCheck } from './trunk/check.ts';
import { trunk } from './trunk/trunk.ts';
import { registerUplinkAdd } from './uplink/add.ts';
import { registerUplinkList } from './uplink/list.ts';
import { registerUplinkRemove } from './uplink/remove.ts';
import { registerUplinkSet } from './uplink/set.ts';
import { registerUplinkShow } from './uplink/show.ts';
import { registerVoices } from './voices.ts';

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

  const carriers = program.command('carrier').description('the SMS carriers that live keys send through');
  registerUplinkAdd(carriers, shell, carrier);
  registerUplinkList(carriers, shell, carrier);
  registerUplinkShow(carriers, shell, carrier);
  registerUplinkSet(carriers, shell, carrier);
  registerUplinkRemove(carriers, shell, carrier);
  registerCarrierCheck(carriers, shell);

  const trunks = program.command('trunk').description('the SIP trunks that live keys call through');
  registerUplinkAdd(trunks, shell, trunk);
  registerUplinkList(trunks, shell, trunk);
  registerUplinkShow(trunks, shell, trunk);
  registerUplinkSet(trunks, shell, trunk);
  registerUplinkRemove(trunks, shell, trunk);
  registerTrunkCheck(trunks, shell);

  const audio = program.command('audio').description('the sounds that accounts uploaded for their calls');
  registerAudioUpload(audio, shell);
  registerAudioList(audio, shell);
  registerAudioPlay(audio, shell);
  registerAudioRemove(audio, shell);
  registerVoices(program, shell);

  const audit = program.command('audit').description('what was changed, by whom');
  registerAuditList(audit, shell);
  registerAuditVerify(audit, shell);
  registerErase(program, shell);

  registerSend(program, shell);
  registerMessages(program, shell);
  registerCalls(program, shell);
  return program;
}
