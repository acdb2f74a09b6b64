import { expect, test } from 'vitest';
import { type CallbackEvent, kindOf } from '../rules/callback.ts';
import { CALLBACK_EVENTS, SUBSCRIBED_EVENTS } from './callback-events.ts';

test('every event is listed once, and a ping is nothing to ask for', () => {
  // Does not compile once an event is missing.
  const missing: Exclude<CallbackEvent, (typeof CALLBACK_EVENTS)[number]>[] = [];
  expect(missing).toEqual([]);
  expect(new Set(CALLBACK_EVENTS).size).toBe(CALLBACK_EVENTS.length);
  expect(SUBSCRIBED_EVENTS).toHaveLength(CALLBACK_EVENTS.length - 1);
  expect(new Set(CALLBACK_EVENTS.map(kindOf))).toEqual(new Set(['message', 'call', 'verification', 'ping']));
});
