import type { SmsContent } from '../delivery/content.ts';
import { owesCallback } from '../rules/callback.ts';
import { encodeSms } from '../sms/encode.ts';
import type { Random } from '../values/random.ts';
import { type Draft, type DraftDeps, draw, sealed } from './draft.ts';
import type { SendBase, SmsMessage } from './send-otp.ts';

/** Encodes and prices a message. */
export function draftSms(send: SendBase & SmsMessage, deps: DraftDeps & { readonly random: Random }): Draft {
  const { account, code, text } = send;
  const drawn = draw(send, deps);
  const from = send.sender ?? account.settings.sender;
  const { encoding, parts } = encodeSms(text, deps.random.below(256));
  const content: SmsContent = { code: code.reveal(), text, from };
  const segments = parts.length;
  const callback = owesCallback(account, send.mode, 'message', null);
  const ofChannel = { channel: 'sms', credits: segments, segments, call: null, callback } as const;
  const { deliveryId: id, sendUntil: expiresAt } = drawn;
  return {
    request: sealed(send, drawn, content, ofChannel, deps),
    cargo: {
      channel: 'sms',
      sms: { id, accountId: account.id, to: send.number.e164, from, text, encoding, parts, expiresAt },
    },
  };
}
