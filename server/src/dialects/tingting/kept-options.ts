import type { OtpOptions, SendRequest } from './send-request.ts';

/** What an otp row keeps of a request for the list. Its JSON is compact: the store looks `"otp_options":"…"` up as text. */
interface KeptOptions {
  readonly otp_options: OtpOptions;
  readonly voice_input?: string;
  readonly company_name?: string;
}

/** The JSON text that is kept. A company's name cannot pass for a field of it: its quotes are escaped there. */
export function optionsOf({ code, voice, companyName }: SendRequest): string {
  return JSON.stringify({
    otp_options: code.options,
    ...(voice && { voice_input: voice.voice_internal_name }),
    ...(companyName !== null && { company_name: companyName }),
  } satisfies KeptOptions);
}

export function readOptions(kept: string): KeptOptions {
  return JSON.parse(kept) as KeptOptions;
}
