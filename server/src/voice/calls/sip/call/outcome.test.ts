import { expect, test } from 'vitest';
import { sipHeaders } from '../message/sip-headers.ts';
import { NO_BODY, type SipResponse } from '../message/sip-message.ts';
import { cancelledEnd, completedEnd, readReason, refusedEnd } from './outcome.ts';

function response(status: number, reason = '', ...reasons: string[]): SipResponse {
  const headers = sipHeaders(reasons.map((value) => ['Reason', value] as const));
  return { kind: 'response', status, reason, headers, body: NO_BODY };
}

test.each([
  [['Q.850;cause=17;text="User busy"'], { cause: 17, text: 'User busy' }],
  [['q.850 ; Cause = 1'], { cause: 1, text: null }],
  [['SIP;cause=200;text="Call completed elsewhere"'], { cause: null, text: 'Call completed elsewhere' }],
  [['SIP;cause=487', 'Q.850;cause=16;text="Say \\"no\\""'], { cause: 16, text: 'Say "no"' }],
  [['Q.850;cause=0'], { cause: null, text: null }],
  [['Q.850;cause=128'], { cause: null, text: null }],
  [['Q.850;cause=1234'], { cause: null, text: null }],
  [['Q.8500;cause=16'], { cause: null, text: null }],
  [[], { cause: null, text: null }],
])('Reason: %j', (values, wanted) => {
  expect(readReason(response(486, '', ...values).headers)).toEqual(wanted);
});

test('a number that the network does not have is never tried again; one without a route is', () => {
  expect(refusedEnd(response(404, 'Not Found', 'Q.850;cause=1'), false).retry).toBe('never');
  expect(refusedEnd(response(404, 'Not Found', 'Q.850;cause=3'), false).retry).toBe('elsewhere');
  expect(refusedEnd(response(404, 'Not Found'), true).retry).toBe('unknown');
});

test("the far end's words are one line of at most 64 characters", () => {
  expect(refusedEnd(response(500, 'a\tb\u0000c\u2028d\u202ee'), false).reason).toBe('a b c d e');
  expect(refusedEnd(response(500, 'x'.repeat(200)), false).reason).toHaveLength(64);
  const cut = refusedEnd(response(500, `${'x'.repeat(63)}😀`), false).reason;
  expect(cut).toHaveLength(64);
  expect(cut.isWellFormed()).toBe(true);
  expect(refusedEnd(response(500, 'Status', 'SIP;text="Words"'), false).reason).toBe('Words');
});

test('what was cancelled or completed', () => {
  expect(cancelledEnd(null)).toEqual({
    outcome: 'cancelled',
    sipStatus: null,
    reason: '',
    cause: null,
    retry: 'never',
  });
  expect(cancelledEnd(response(487, 'Terminated'))).toMatchObject({ sipStatus: 487, reason: 'Terminated' });
  expect(completedEnd(null)).toMatchObject({ outcome: 'completed', sipStatus: null, cause: null });
  expect(completedEnd(response(0, '', 'Q.850;cause=31').headers)).toMatchObject({ cause: 31 });
});
