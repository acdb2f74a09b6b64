import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { copyId, OWN_RECEIVER } from '../rules/callback.ts';
import { CALLBACK_EVENTS } from './callback-events.ts';
import { readWebhookId, webhookId } from './webhook-id.ts';

const SUBJECT = '01890a5d-ac96-774b-bcce-b302099a8057';
const ENDPOINT = '01890a5d-ac96-774b-bcce-b302099a8058';
const idOf = (event: string) => (event === 'call.finished' ? SUBJECT : `${SUBJECT}.${event.split('.').at(-1)}`);

it.each(CALLBACK_EVENTS)('of %s is the same for a receiver, whether it has the row or a copy of it', (event) => {
  const id = idOf(event);
  for (const receiver of [null, OWN_RECEIVER]) expect(webhookId({ id, receiver })).toBe(`cb_${id.replace('.', '_')}`);
  const whole = webhookId({ id, receiver: ENDPOINT });
  expect(webhookId({ id: copyId(id, ENDPOINT), receiver: ENDPOINT })).toBe(whole);
  expect(whole).not.toContain('.');
  expect(readWebhookId(whole)).toEqual({ id, endpoint: ENDPOINT });
  expect(readWebhookId(webhookId({ id, receiver: OWN_RECEIVER }))).toEqual({ id, endpoint: null });
  expect(webhookId({ id: copyId(id, OWN_RECEIVER), receiver: OWN_RECEIVER })).not.toBe(whole);
});

test('what is none of ours reads as none', () => {
  fc.assert(fc.property(fc.string(), (text) => readWebhookId(text) === null));
  for (const text of ['', 'cb_', `cb_${SUBJECT}.sent`, `${SUBJECT}`, `cb_${SUBJECT}_SENT`, `cb_${SUBJECT}_sent_1`]) {
    expect(readWebhookId(text)).toBeNull();
  }
});
