import { describe, expect, it } from 'vitest';
import { REASONS } from '../../rules/outcome.ts';
import type { CallRow } from '../../store/tables/calls.ts';
import { callResult } from './call-result.ts';
import { otpFinished } from './otp-finished.ts';

const AT = Date.UTC(2026, 0, 31, 10, 20, 30, 123);

function call(over: Partial<CallRow> = {}): CallRow {
  return {
    ...{ accountId: 'account', id: '01960000-0000-7000-8000-00000000000b', otpId: 'otp', dialect: 'cm', mode: 'live' },
    ...{ numberSealed: 'sealed', createdAt: AT, state: 'delivered', reason: null, trunk: 'main', credits: 1 },
    ...{ caller: '+9771234567', anonymous: false, instructionId: 'order-7', spokenMs: 9_000, callbackSealed: null },
    ...{ warnings: [], ringingAt: AT + 1_000, answeredAt: AT + 5_000, endedAt: AT + 21_500, finalAt: AT + 21_600 },
    ...{ outcome: 'completed', sipStatus: null, sipReason: '', cause: 16, replays: 1 },
    ...over,
  };
}

const unanswered = { answeredAt: null, replays: 0, state: 'failed' } as const;

describe('a callback', () => {
  it('has the vendor’s keys in its order', () => {
    expect(otpFinished(call(), '+9779851023212')).toBe(
      '{"type":"otp-finished","call-id":"01960000-0000-7000-8000-00000000000b","instruction-id":"order-7",' +
        '"caller":"+9771234567","callee":"+9779851023212","result":{"code":10,"description":"Finished successfully",' +
        '"sip-disconnect-code":"BYE","sip-disconnect-reason":""},"started-on":"2026-01-31T10:20:30.123Z",' +
        '"answered-on":"2026-01-31T10:20:35.123Z","finished-on":"2026-01-31T10:20:51.623Z","replays":1}',
    );
  });

  it('leaves an instruction-id out that was not given, as the answer does', () => {
    expect(otpFinished(call({ instructionId: null }), '+1')).not.toContain('instruction-id');
  });

  it('of a call that no trunk had ends with its delivery', () => {
    const never = { ...unanswered, outcome: null, ringingAt: null, endedAt: null, trunk: null, cause: null } as const;
    expect(JSON.parse(otpFinished(call({ ...never, state: 'expired', reason: 'code_expired' }), '+1'))).toMatchObject({
      'answered-on': null,
      'finished-on': '2026-01-31T10:20:51.723Z',
      replays: 0,
      result: {
        code: 11,
        description: 'Failed',
        'sip-disconnect-code': '',
        'sip-disconnect-reason': 'The code expired before the call could be placed',
      },
    });
  });
});

describe('a result', () => {
  it.each([
    [{ outcome: 'completed' }, 10, 'Finished successfully', 'BYE', ''],
    [{ ...unanswered, outcome: 'cancelled' }, 9, 'Cancelled', '', ''],
    [
      { ...unanswered, outcome: 'cancelled', sipStatus: 487, sipReason: 'Request Terminated' },
      9,
      'Cancelled',
      '487',
      'Request Terminated',
    ],
    [
      { ...unanswered, outcome: 'rejected', sipStatus: 486, sipReason: 'Busy Here' },
      12,
      'Call rejected',
      '486',
      'Busy Here',
    ],
    [{ ...unanswered, outcome: 'rejected', sipStatus: 603, sipReason: '' }, 12, 'Call rejected', '603', ''],
    [{ ...unanswered, outcome: 'failed', sipStatus: 503, sipReason: 'Overload' }, 11, 'Failed', '503', 'Overload'],
    [
      { ...unanswered, outcome: 'failed', reason: 'carrier_unreachable' },
      11,
      'Failed',
      '',
      'No trunk could be reached',
    ],
    [{ ...unanswered, outcome: null, reason: 'no_carrier' }, 11, 'Failed', '', 'No trunk was there to place the call'],
    [{ ...unanswered, outcome: null, reason: null }, 11, 'Failed', '', 'The call could not be made'],
    [{ outcome: null, state: 'failed', reason: 'node_lost' }, 11, 'Failed', '', 'The service stopped during the call'],
  ] as const)('of %j', (over, code, description, disconnect, reason) => {
    expect(callResult(call(over))).toEqual({
      ...{ code, description, 'sip-disconnect-code': disconnect, 'sip-disconnect-reason': reason },
    });
  });

  it('keeps to the vendor’s lengths, whatever the far end said', () => {
    for (const outcome of ['completed', 'cancelled', 'rejected', 'failed', null] as const) {
      for (const reason of [...REASONS, null]) {
        for (const sipReason of ['', '🙂'.repeat(90), 'x'.repeat(65)]) {
          const result = callResult({ outcome, reason, sipReason, sipStatus: 6_999 });
          expect(result['sip-disconnect-code'].length).toBeLessThanOrEqual(3);
          expect([...result['sip-disconnect-reason']].length).toBeLessThanOrEqual(64);
          expect(result['sip-disconnect-reason'].isWellFormed()).toBe(true);
        }
      }
    }
  });
});
