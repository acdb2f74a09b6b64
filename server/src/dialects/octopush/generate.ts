import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../../accounts/caller.ts';
import type { AppDeps } from '../../app-deps.ts';
import { drawCode } from '../../otp/code.ts';
import type { ReplayedSend } from '../../otp/verification.ts';
import { fieldsOf } from '../json-body.ts';
import { alphabetOf } from './alphabet.ts';
import { callerOf } from './authenticate.ts';
import { answer } from './error-handler.ts';
import { REFUSALS } from './errors.ts';
import { type GenerateFields, readGenerateFields } from './generate-fields.ts';
import { messageOf } from './message.ts';
import { readRecipient } from './recipient.ts';
import { type SimulationDeps, simulate } from './simulation.ts';
import { ticketOf } from './tickets.ts';
import { wallTime } from './wall-time.ts';

export type GenerateDeps = Pick<AppDeps, 'startVerification' | 'clock' | 'random' | 'ids'> & SimulationDeps;

/** How long a `request_id` is remembered. */
const REMEMBERED_MS = 86_400_000;

/** What a caller needs to check the code; keys in the vendor's order. The code itself is in no answer. */
interface Generated {
  readonly code: 0;
  readonly message: 'success';
  readonly ticket_number: string;
  readonly otp_request_token: string;
}

/** `POST …/otp/generate`. Whatever can be mended is, and the code sent: all that it takes is a number. */
export function generates(deps: GenerateDeps) {
  const { startVerification, clock, random, ids } = deps;
  const timeIn = wallTime();

  return async (request: FastifyRequest, reply: FastifyReply): Promise<Generated | FastifyReply> => {
    const caller = callerOf(request);
    const { account, mode } = caller;
    const body = fieldsOf(request.body);
    const recipient = readRecipient(body['phone_number'], account.country);
    if ('refused' in recipient) return answer(reply, REFUSALS[recipient.refused]);
    const { number, asSent } = recipient;
    const { values: asked, warnings } = readGenerateFields(body);
    if (asked.simulation_mode) {
      simulate(asked.channel === 'sms' ? 'sms' : 'voice', { account, mode, number }, deps);
      return generated(ids(), ids());
    }

    const ttlMs = asked.validity_period * 1000;
    const alphabet = alphabetOf(asked);
    const code = drawCode({ length: asked.code_length, alphabet }, random);
    const diesAt = timeIn(clock.now() + ttlMs, account.timeZone);
    const message = messageOf(asked, { code, alphabet, diesAt, settings: account.settings });
    const { id, deliveryId, fresh } = await startVerification({
      ...{ account, mode, number, code, ttlMs },
      dialect: 'octopush',
      numberAsSent: asSent,
      maxAttempts: asked.max_wrong_attempts,
      messages: message.messages,
      steps: [{ channel: message.channel, carrier: null, waitMs: 0 }],
      ip: asked.recipient_ip,
      bindIp: asked.recipient_ip !== null,
      callbackUrl: null,
      metadata: {},
      options: '{}',
      warnings: [...recipient.warnings, ...warnings, ...message.warnings],
      replay: replayOf(asked, caller),
    });
    return fresh ? generated(deliveryId, id) : answer(reply, REFUSALS.duplicate);
  };
}

/** The ticket names what was sent, the token what is to be checked. */
function generated(deliveryId: string, id: string): Generated {
  return { code: 0, message: 'success', ticket_number: ticketOf(deliveryId), otp_request_token: ticketOf(id) };
}

/** The same id again is refused, whatever else the request says: so what it said need not be compared. */
function replayOf({ request_id }: GenerateFields, { mode }: Caller): ReplayedSend | null {
  if (request_id === '') return null;
  // A digest: an id of any length and any characters makes a key of 43.
  const key = `octopush:${mode}:${hash('sha256', request_id, 'base64url')}`;
  return { key, bodyDigest: 'octopush', keepMs: REMEMBERED_MS };
}
