import type { AllowList } from '../../callbacks/allow-list.ts';
import { parseCallbackUrl } from '../../callbacks/callback-url.ts';
import { type Fault, PassbellError } from '../../errors.ts';
import type { Account } from '../../store/tables/accounts.ts';
import type { Secret } from '../../values/secret.ts';
import type { Line, Script } from '../../voice/script.ts';
import { fieldsOf } from '../json-body.ts';
import { type AskedVoice, readVoice } from './asked-voice.ts';
import { type Callees, readCallees } from './callees.ts';
import { type Cast, fieldReader, flag, oneOf, text, whole } from './cast.ts';
import { code } from './code.ts';
import { readCaller } from './number.ts';
import { readPrompt } from './prompt.ts';

/** An OTP instruction as it was asked for, every field of it valid. */
export interface Instruction {
  readonly instructionId: string | null;
  readonly callees: Callees;
  /** E.164 with `+`. */
  readonly caller: string;
  readonly anonymous: boolean;
  readonly callbackUrl: string | null;
  readonly ringMs: number;
  readonly code: Secret;
  readonly script: Script<Line>;
  readonly voice: AskedVoice;
}

/** Between the words before a code and its first character. */
const BEFORE_CODE_MS = 500;

/** What a replay-prompt promises when the request does not say how often. */
const REPLAYS = 3;

/** The SDK's integers are places in these lists. */
const codeType = oneOf('Default', 'TTS', 'Custom');
const voicemailResponse = oneOf('Ignore', 'Restart', 'Stop');

/**
 * Reads the body of an OTP instruction. Null counts as absent; unknown fields are passed over, as the vendor passes them over.
 * Throws `invalid_request` with every fault at once.
 */
export function readInstruction(body: unknown, { country }: Pick<Account, 'country'>, allow: AllowList): Instruction {
  const fields = fieldsOf(body);
  const faults: Fault[] = [];
  const read = fieldReader(fields, faults);

  const instructionId = read.optional('instruction-id', id, null);
  const skips = read.optional('disable-callees-validation', flag, false);
  const callees = readCallees(fields, { country, skips }, faults);
  const caller = read.required('caller', callerIn(country));
  const anonymous = read.optional('anonymous', flag, false);
  const callbackUrl = readCallbackUrl(fields['callback-url'], allow, faults);
  const ringing = read.optional('max-ringing-timeout', whole(10, 60), 60);
  const intro = readPrompt('intro-prompt', read, faults);
  const codePrompt = readPrompt('code-prompt', read, faults);
  const secret = read.required('code', code);
  const from = read.optional('code-type', codeType, 'Default') === 'Custom' ? 'files' : 'speech';
  const replayPrompt = readPrompt('replay-prompt', read, faults);
  const outro = readPrompt('outro-prompt', read, faults);
  const maxReplays = read.optional('max-replays', whole(0, 3), replayPrompt === null ? 0 : REPLAYS);
  const autoReplay = read.optional('auto-replay', flag, false);
  const voice = readVoice(fields['voice'], faults);
  // Checked, and of no effect: one-time codes are not left on voicemail, so nobody listens for one.
  read.optional('voicemail-response', voicemailResponse, 'Ignore');

  if (faults.length > 0 || callees === null || caller === null || secret === null) {
    throw new PassbellError('invalid_request', { faults });
  }
  const script: Script<Line> = {
    intro: lines(intro),
    code: [
      ...(codePrompt === null ? [] : [codePrompt, { kind: 'pause', ms: BEFORE_CODE_MS } as const]),
      { kind: 'code', from },
    ],
    replayPrompt: lines(replayPrompt),
    outro: lines(outro),
    maxReplays,
    autoReplay,
  };
  const ringMs = ringing * 1000;
  return { instructionId, callees, caller, anonymous, callbackUrl, ringMs, code: secret, script, voice };
}

/** The vendor's is a string; its service takes a number for one, and clients use the ids of their rows. */
const id: Cast<string | null> = (value) => text(64)(Number.isSafeInteger(value) ? String(value) : value);

function callerIn(country: string): Cast<string> {
  return (value) => {
    const read = readCaller(value, country);
    return 'number' in read ? { value: read.number } : read;
  };
}

/** An empty one is at fault, not absent: somebody waits for that callback. */
function readCallbackUrl(value: unknown, allow: AllowList, faults: Fault[]): string | null {
  if (value === undefined || value === null) return null;
  const read = typeof value === 'string' ? parseCallbackUrl(value, allow) : { fault: 'must be a URL, as a string' };
  if ('url' in read) return read.url.href;
  faults.push({ field: 'callback-url', message: read.fault });
  return null;
}

function lines(line: Line | null): readonly Line[] {
  return line === null ? [] : [line];
}
