import { describe, expect, it } from 'vitest';
import { CALLED_AT, callRow } from '../../callbacks/call-row-example.ts';
import type { MessageFacts, VerificationFacts } from '../../store/tables/callback-facts.ts';
import { callFinished, messageEnded, pinged, verificationEnded } from './callback-wording.ts';

describe('call.finished', () => {
  it('tells all of the call’s record, in the order of the documentation', () => {
    expect(callFinished(callRow({ instructionId: 'order-7' }), '+9779851023212')).toBe(
      '{"type":"call.finished","timestamp":"2026-01-31T10:20:51.723Z","data":' +
        '{"id":"call_01960000-0000-7000-8000-00000000000b","to":"+9779851023212","from":"+9771234567","anonymous":false,' +
        '"mode":"live","dialect":"tingting","instruction_id":"order-7","state":"delivered","reason":null,' +
        '"outcome":"completed","sip_status":null,"sip_reason":"","q850_cause":16,"trunk":"main","replays":1,' +
        '"spoken_seconds":9.25,"duration_seconds":17,"credits":1,"created_at":"2026-01-31T10:20:30.123Z",' +
        '"ringing_at":"2026-01-31T10:20:31.123Z","answered_at":"2026-01-31T10:20:35.123Z",' +
        '"ended_at":"2026-01-31T10:20:51.623Z","warnings":[]}}',
    );
  });

  it('of one that was refused says why, and that it cost nothing', () => {
    const call = callRow({
      ...({ state: 'undelivered', reason: 'call_rejected', outcome: 'rejected', answeredAt: null } as const),
      sipStatus: 486,
      sipReason: 'Busy Here',
      cause: 17,
      replays: 0,
    });
    expect(JSON.parse(callFinished(call, null)).data).toMatchObject({
      ...{ to: null, state: 'undelivered', reason: 'call_rejected', outcome: 'rejected', sip_status: 486 },
      ...{ sip_reason: 'Busy Here', q850_cause: 17, duration_seconds: 0, credits: 0, answered_at: null },
    });
  });

  it('of one that no trunk ever had ends with its delivery', () => {
    const never = { ...{ ringingAt: null, answeredAt: null, endedAt: null, outcome: null, trunk: null } };
    const call = callRow({ ...never, state: 'failed', reason: 'no_carrier' });
    expect(JSON.parse(callFinished(call, '+1'))).toMatchObject({
      timestamp: '2026-01-31T10:20:51.723Z',
      data: { ringing_at: null, answered_at: null, ended_at: '2026-01-31T10:20:51.723Z', outcome: null, trunk: null },
    });
  });

  it('tells nothing of how rows are sealed, nor where the callback goes', () => {
    const call = callRow({ numberSealed: 'sealed number', callbackSealed: 'sealed url' });
    expect(callFinished(call, null)).not.toMatch(/sealed|account-1|otp-1/);
  });
});

describe('message.…', () => {
  const facts: MessageFacts = {
    ...{ accountId: 'account-1', deliveryId: '01960000-0000-7000-8000-00000000000c', otpId: 'otp-1' },
    ...{ dialect: 'tingting', mode: 'test', number: 7, numberSealed: 'sealed number', carrier: 'sandbox' },
    ...{ segments: 2, credits: 2, reason: null, createdAt: CALLED_AT, finalAt: CALLED_AT + 4_000 },
  };

  it('tells what became of it, in the order of the documentation', () => {
    expect(messageEnded('message.delivered', facts, '+9779851023212')).toBe(
      '{"type":"message.delivered","timestamp":"2026-01-31T10:20:34.123Z","data":' +
        '{"id":"msg_01960000-0000-7000-8000-00000000000c","number":7,"to":"+9779851023212","state":"delivered",' +
        '"reason":null,"mode":"test","dialect":"tingting","carrier":"sandbox","segments":2,"credits":2,' +
        '"created_at":"2026-01-31T10:20:30.123Z","ended_at":"2026-01-31T10:20:34.123Z"}}',
    );
  });

  it.each([
    ['message.sent', 2],
    ['message.delivered', 2],
    ['message.undelivered', 0],
    ['message.failed', 0],
    ['message.expired', 0],
  ] as const)('%s costs %i of two credits', (event, credits) => {
    const { type, data } = JSON.parse(messageEnded(event, { ...facts, reason: 'carrier_refused' }, null));
    expect([type, `message.${data.state}`, data.credits, data.to]).toEqual([event, event, credits, null]);
  });
});

describe('verification.…', () => {
  const facts: VerificationFacts = {
    ...{ accountId: 'account-1', id: '01960000-0000-7000-8000-00000000000d', dialect: 'native', mode: 'live' },
    ...{ numberSealed: 'sealed number', channel: 'voice', failures: 2, maxAttempts: 5, metadata: { order: '7' } },
    ...{
      callbackSealed: 'sealed url',
      createdAt: CALLED_AT,
      expiresAt: CALLED_AT + 300_000,
      finalAt: CALLED_AT + 9_000,
    },
  };

  it('tells how it ended, in the order of the documentation', () => {
    expect(verificationEnded('verification.approved', facts, '+9779851023212')).toBe(
      '{"type":"verification.approved","timestamp":"2026-01-31T10:20:39.123Z","data":' +
        '{"id":"ver_01960000-0000-7000-8000-00000000000d","status":"approved","to":"+9779851023212","channel":"voice",' +
        '"mode":"live","dialect":"native","attempts":{"failed":2,"remaining":3,"max":5},"metadata":{"order":"7"},' +
        '"created_at":"2026-01-31T10:20:30.123Z","expires_at":"2026-01-31T10:25:30.123Z",' +
        '"ended_at":"2026-01-31T10:20:39.123Z"}}',
    );
  });

  it.each(['canceled', 'expired', 'max_attempts_reached', 'undeliverable'] as const)('%s is its status', (status) => {
    const { type, data } = JSON.parse(verificationEnded(`verification.${status}`, facts, null));
    expect([type, data.status, data.to]).toEqual([`verification.${status}`, status, null]);
  });
});

it('a ping names the endpoint that is tried out', () => {
  expect(pinged('01960000-0000-7000-8000-00000000000e', CALLED_AT)).toBe(
    '{"type":"ping","timestamp":"2026-01-31T10:20:30.123Z","data":{"id":"cb_01960000-0000-7000-8000-00000000000e"}}',
  );
});
