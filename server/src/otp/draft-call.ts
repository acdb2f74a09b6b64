import type { CallContent } from '../delivery/content.ts';
import { readyCall } from '../delivery/ready-call.ts';
import type { CallDraft } from '../rules/call-record.ts';
import { owesCallback } from '../rules/callback.ts';
import { spokenSeconds } from '../voice/render.ts';
import type { RendersCall } from '../voice/script.ts';
import { type Draft, type DraftDeps, draw, sealed } from './draft.ts';
import { callCredits } from './price.ts';
import type { SendBase, VoiceCall } from './send-otp.ts';

/**
 * Makes the sound of a call, and prices it by how long it speaks. Rejects with `invalid_request` (files that are not there, markup that is
 * refused) or `unavailable` (no voice to be had).
 */
export async function draftCall(
  send: SendBase & VoiceCall,
  deps: DraftDeps & { readonly renderCall: RendersCall },
): Promise<Draft> {
  const { account, code, text, call } = send;
  // Before the sound is made, which takes a while: the text may say when the code dies.
  const drawn = draw(send, deps);
  const clips = await deps.renderCall(call.script, { code, voice: call.voice, accountId: account.id });
  const seconds = spokenSeconds(clips);
  const { deliveryId, sendUntil: expiresAt } = drawn;
  const { script, voice, from, anonymous, ringMs } = call;
  const content: CallContent = {
    ...{ code: code.reveal(), text },
    call: { script, voice, from, anonymous, ringMs },
  };
  const record: CallDraft = {
    ...{ caller: from, anonymous, instructionId: call.instructionId, warnings: call.warnings },
    spokenMs: Math.round(seconds * 1000),
    callbackSealed:
      call.callbackUrl === null
        ? null
        : deps.vault.seal({ account: account.id, row: deliveryId, column: 'callback' }, call.callbackUrl),
  };
  const callback = owesCallback(account, send.mode, 'call', call.callbackUrl);
  const ofChannel = { channel: 'voice', credits: callCredits(seconds), segments: 0, call: record, callback } as const;
  const whose = { accountId: account.id, deliveryId, to: send.number.e164, expiresAt };
  return {
    request: sealed(send, drawn, content, ofChannel, deps),
    cargo: { channel: 'voice', call: readyCall(whose, content.call, clips) },
  };
}
