import type { AllowList } from '../../../callbacks/allow-list.ts';
import { parseCallbackUrl } from '../../../callbacks/callback-url.ts';
import type { Fault } from '../../../errors.ts';
import type { Account } from '../../../store/tables/accounts.ts';
import { voiceNamed } from '../../../voice/voices.ts';
import { addressFaults } from './request-fields.ts';
import { LONGEST_METADATA_KEY, type StartBody, type TimedBody } from './start-body.ts';
import { type MayName, workflowFaults } from './workflow-wire.ts';

export interface StartRules {
  readonly account: Account;
  readonly mayName: MayName;
  /** Where callbacks may go besides public addresses. */
  readonly allow: AllowList;
}

/** Fields of which a request may have one alone, or none. */
const EITHER: readonly (readonly [keyof StartBody, keyof StartBody])[] = [
  ['workflow', 'channel'],
  ['template', 'text'],
  ['code', 'code_length'],
  ['code', 'alphabet'],
];

/** What is wrong with a request whose fields, each by itself, are as they must be, besides its number and its words. */
export function startFaults(body: TimedBody, rules: StartRules): Fault[] {
  const { account, mayName, allow } = rules;
  return [
    ...EITHER.flatMap(([field, other]) =>
      body[field] === undefined || body[other] === undefined
        ? []
        : [{ field, message: `cannot stand beside ${other}` }],
    ),
    ...workflowFaults(body, mayName),
    ...senderFaults(body, account),
    ...voiceFaults(body),
    ...addressFaults(body.ip),
    ...metadataFaults(body),
    ...callbackFaults(body, allow),
  ];
}

function senderFaults({ sender }: Partial<StartBody>, { settings }: Account): Fault[] {
  if (sender === undefined || sender === settings.sender || settings.senders.includes(sender)) return [];
  const message = 'must be one of the senders of the account: GET /v1/senders lists them, POST /v1/senders adds one';
  return [{ field: 'sender', message }];
}

function voiceFaults({ voice }: Partial<StartBody>): Fault[] {
  if (voice?.name === undefined) return [];
  if (voiceNamed(voice.name) === null) {
    return [{ field: 'voice.name', message: 'must be the name of a voice: GET /v1/voices lists them' }];
  }
  return voice.language === undefined && voice.gender === undefined
    ? []
    : [{ field: 'voice.name', message: 'cannot stand beside language or gender: a voice has its own' }];
}

function metadataFaults({ metadata = {} }: Partial<StartBody>): Fault[] {
  return Object.keys(metadata).some((key) => key === '' || key.length > LONGEST_METADATA_KEY)
    ? [{ field: 'metadata', message: `must have keys of 1 to ${LONGEST_METADATA_KEY} characters` }]
    : [];
}

function callbackFaults({ callback_url: url }: Partial<StartBody>, allow: AllowList): Fault[] {
  if (url === undefined) return [];
  const read = parseCallbackUrl(url, allow);
  return 'fault' in read ? [{ field: 'callback_url', message: read.fault }] : [];
}
