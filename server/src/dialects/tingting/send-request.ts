import { type Channel, type Fault, PassbellError } from '../../errors.ts';
import { parseOwnCode } from '../../otp/code.ts';
import { templateFault } from '../../otp/template.ts';
import type { Account } from '../../store/tables/accounts.ts';
import { type PhoneNumber, parsePhoneNumber } from '../../values/phone-number.ts';
import type { Secret } from '../../values/secret.ts';
import { fieldsOf } from '../json-body.ts';
import { type VoiceModel, voiceModel } from './voices.ts';

/** Which of the vendor's two send paths was called: `/api/v1/auths/send/otp/` or the older `/api/system/send/otp/`. */
export type Age = 'v1' | 'system';

export type OtpOptions = 'personnel' | 'generated';

/** A send as it was asked for, every field of it valid. */
export interface SendRequest {
  readonly number: PhoneNumber;
  readonly numberAsSent: string;
  /** With `{otp}` in it. */
  readonly message: string;
  readonly channel: Channel;
  readonly code: OwnCode | CodeToDraw;
  /** Null for a text. */
  readonly voice: VoiceModel | null;
  /** Null when it was not sent: then it is not echoed either. */
  readonly companyName: string | null;
}

interface OwnCode {
  readonly options: 'personnel';
  readonly own: Secret;
  readonly length: number;
}

interface CodeToDraw {
  readonly options: 'generated';
  readonly length: number;
}

type Fields = Readonly<Record<string, unknown>>;

const DEFAULT_LENGTH = 6;
const MAX_COMPANY = 100;

/**
 * Reads the body of a send. Unknown fields are passed over, as the vendor passes them over; fields that the chosen channel or
 * kind of code does not use are not looked at. `null` is not "absent".
 * Throws `invalid_request` with every fault at once.
 */
export function parseSend(body: unknown, age: Age, account: Account): SendRequest {
  const fields = fieldsOf(body);
  const faults: Fault[] = [];
  const number = readNumber(fields, account, faults);
  const code = readCode(fields, faults);
  const message = readMessage(fields, code, faults);
  const channel = readChannel(fields, faults);
  const voice = channel === 'voice' ? readVoice(fields, age, account, faults) : null;
  const companyName = readCompany(fields, account, faults);
  if (faults.length > 0 || number === null || message === null || channel === null || code === null) {
    throw new PassbellError('invalid_request', { faults });
  }
  return { number, numberAsSent: fields['number'] as string, message, channel, code, voice, companyName };
}

function readNumber(fields: Fields, { country }: Account, faults: Fault[]): PhoneNumber | null {
  const parsed = parsePhoneNumber(fields['number'], country);
  return parsed.ok ? parsed.number : report(faults, 'number', parsed.reason);
}

function readMessage(fields: Fields, code: SendRequest['code'] | null, faults: Fault[]): string | null {
  const fault = templateFault(fields['message'], code?.length);
  return fault === null ? (fields['message'] as string) : report(faults, 'message', fault);
}

function readChannel(fields: Fields, faults: Fault[]): Channel | null {
  const asked = fields['sms_send_options'];
  if (asked === 'text') return 'sms';
  if (asked === 'voice') return 'voice';
  return report(
    faults,
    'sms_send_options',
    asked === undefined && fields['sms_send_option'] !== undefined
      ? 'The field is called sms_send_options, with an s at its end; sms_send_option is not read.'
      : 'sms_send_options is required: "text" or "voice".',
  );
}

function readCode(fields: Fields, faults: Fault[]): SendRequest['code'] | null {
  const options = fields['otp_options'];
  if (options === undefined || options === 'generated') return readLength(fields['otp_length'], faults);
  if (options === 'personnel') return readOwnCode(fields['otp'], faults);
  return report(
    faults,
    'otp_options',
    'otp_options must be "personnel" or "generated", or be left out for "generated".',
  );
}

function readOwnCode(otp: unknown, faults: Fault[]): OwnCode | null {
  const own = parseOwnCode(otp);
  if (typeof own === 'string') return report(faults, 'otp', own);
  return { options: 'personnel', own, length: own.reveal().length };
}

function readLength(input: unknown, faults: Fault[]): CodeToDraw | null {
  if (input === undefined) return { options: 'generated', length: DEFAULT_LENGTH };
  // An old sample of the vendor's has the string "4". `Number` alone would take "0x6", " 6 " and [6].
  const length = typeof input === 'string' && /^[0-9]{1,2}$/.test(input) ? Number(input) : input;
  if (typeof length === 'number' && Number.isInteger(length) && length >= 4 && length <= 10) {
    return { options: 'generated', length };
  }
  return report(faults, 'otp_length', 'otp_length must be a whole number from 4 to 10, or be left out for 6.');
}

function readVoice(fields: Fields, age: Age, { settings }: Account, faults: Fault[]): VoiceModel | null {
  const asked = fields['voice_input'];
  const voice = voiceModel(asked === undefined && age === 'system' ? settings.defaultVoice : asked);
  if (voice !== undefined) return voice;
  const choice = '"np_rija", "np_prashanna", "np_binod", "np_shreegya", or the id of a voice model, 1 to 5';
  const start = asked === undefined ? 'voice_input is required for a voice call' : 'There is no such voice_input';
  return report(faults, 'voice_input', `${start}: send ${choice}.`);
}

function readCompany(fields: Fields, { settings }: Account, faults: Fault[]): string | null {
  const name = fields['company_name'];
  if (name === undefined && !settings.requireCompanyName) return null;
  const fault = companyFault(name, settings.requireCompanyName);
  return fault === null ? (name as string) : report(faults, 'company_name', fault);
}

function companyFault(name: unknown, required: boolean): string | null {
  if (name === undefined) return 'company_name is required.';
  if (typeof name !== 'string') return 'company_name must be a string.';
  if (required && name.trim() === '') return 'company_name must not be empty.';
  // Characters as people count them may have two UTF-16 units; the first test keeps long names from being counted.
  if (name.length > 2 * MAX_COMPANY || [...name].length > MAX_COMPANY) {
    return `company_name must have ${MAX_COMPANY} characters or fewer.`;
  }
  if (/\p{Cc}/u.test(name) || !name.isWellFormed()) {
    return 'company_name must not hold control characters or halves of surrogate pairs.';
  }
  return null;
}

function report(faults: Fault[], field: string, message: string): null {
  faults.push({ field, message });
  return null;
}
