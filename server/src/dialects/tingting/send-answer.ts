import { lengthFactor } from '../../otp/price.ts';
import type { SentOtp } from '../../otp/send-otp.ts';
import type { Age, SendRequest } from './send-request.ts';

/** What an accepted send answers with; keys in the vendor's order. The code in clear is the vendor's contract, and this dialect's alone. */
export interface SendAnswer {
  readonly status: 200;
  readonly success: true;
  readonly message: string;
  readonly errors: readonly never[];
  readonly data: { readonly details: SystemDetails | V1Details };
}

interface SystemDetails {
  readonly number: string;
  readonly otp_options: 'personnel' | 'generated';
  readonly message: string;
  readonly otp: string;
  readonly sms_send_options: 'text' | 'voice';
}

interface V1Details extends SystemDetails {
  readonly credits_used: number;
  readonly remaining_sms_credits: number;
  readonly remaining_phone_credits: number;
  readonly voice_input?: string;
  readonly length_factor?: number;
  readonly company_name?: string;
}

/** @param message the rendered text as this age of the API shows it */
export function sendAnswer(age: Age, asked: SendRequest, sent: SentOtp, otp: string, message: string): SendAnswer {
  const isVoice = asked.channel === 'voice';
  const core: SystemDetails = {
    number: asked.numberAsSent,
    otp_options: asked.code.options,
    message,
    otp,
    sms_send_options: isVoice ? 'voice' : 'text',
  };
  return {
    status: 200,
    success: true,
    message: isVoice ? 'OTP Call Initiated Successfully.' : 'OTP Sent Successfully.',
    errors: [],
    data: { details: age === 'system' ? core : withCredits(core, asked, sent) },
  };
}

function withCredits(core: SystemDetails, { voice, companyName }: SendRequest, sent: SentOtp): V1Details {
  return {
    ...core,
    credits_used: sent.credits,
    remaining_sms_credits: sent.available.sms,
    remaining_phone_credits: sent.available.voice,
    ...(voice && { voice_input: voice.voice_internal_name, length_factor: lengthFactor(sent.spokenSeconds ?? 0) }),
    ...(companyName !== null && { company_name: companyName }),
  };
}
