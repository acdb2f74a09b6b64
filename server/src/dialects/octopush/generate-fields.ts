import { choice, text, whole } from './cast.ts';
import { field, flagField, readFields, type ValuesOf } from './field-table.ts';
import { language } from './language.ts';
import { recipientIp } from './recipient-ip.ts';

/** The vendor's bound for the ids of requests. */
const LONGEST_ID = 100;

/** Every field of a generate request but the number, with its default. One row a field: this is the manual. */
const FIELDS = {
  text: field(text, ''),
  channel: field(choice({ sms: ['text_sms'], voice_sms: ['voice', 'call', 'vms'] }), 'sms'),
  sender: field(text, ''),
  code_length: field(whole(4, 32), 6),
  allow_digits: flagField(true),
  allow_upper_case: flagField(false),
  allow_lower_case: flagField(false),
  allow_special_chars: flagField(false),
  remove_confusing_characters: flagField(false),
  /** Seconds. */
  validity_period: field(whole(3, 10_000_000), 600),
  max_wrong_attempts: field(whole(1, 100), 5),
  recipient_ip: field<string | null>(recipientIp, null),
  voice_language: field(language, 'en-US'),
  voice_gender: field(choice({ female: ['f', 'woman'], male: ['m', 'man'] }), 'female'),
  simulation_mode: flagField(false),
  auto_optimize_text: flagField(true),
  request_id: field(text, ''),
} as const;

export type GenerateFields = ValuesOf<typeof FIELDS>;

/** Never fails: see `readFields`. */
export function readGenerateFields(body: Readonly<Record<string, unknown>>) {
  const { values, warnings } = readFields(FIELDS, body, ['phone_number']);
  // Compared whole: of two ids that differ behind the bound, a cut would take the second for the first.
  const long = values.request_id.length > LONGEST_ID ? [`request_id is longer than ${LONGEST_ID} characters.`] : [];
  return { values, warnings: [...warnings, ...long] };
}
