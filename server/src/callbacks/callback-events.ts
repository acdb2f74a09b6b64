import type { CallbackEvent } from '../rules/callback.ts';

/** Everything that a callback may tell of. */
export const CALLBACK_EVENTS = [
  ...(['message.sent', 'message.delivered', 'message.undelivered', 'message.failed', 'message.expired'] as const),
  ...(['call.finished', 'verification.approved', 'verification.canceled', 'verification.expired'] as const),
  ...(['verification.max_attempts_reached', 'verification.undeliverable', 'ping'] as const),
] as const satisfies readonly CallbackEvent[];

/** What an endpoint may ask for: a `ping` is sent when somebody tries it out, and at no other time. */
export const SUBSCRIBED_EVENTS = CALLBACK_EVENTS.filter((event) => event !== 'ping');
