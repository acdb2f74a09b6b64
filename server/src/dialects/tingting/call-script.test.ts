import { describe, expect, it } from 'vitest';
import { callScript } from './call-script.ts';

const code = { kind: 'code', from: 'speech' } as const;
const text = (words: string) => ({ kind: 'text', text: words }) as const;

describe('callScript', () => {
  it.each([
    ['Hi, your otp is {otp}', [text('Hi, your otp is'), code]],
    ['{otp} is your code. Again: {otp}.', [code, text('is your code. Again:'), code]],
    ['{otp}', [code]],
    ['{otp}{otp}', [code, code]],
    ['तपाईंको कोड {otp} हो।', [text('तपाईंको कोड'), code, text('हो।')]],
    ['Code: {otp} !', [text('Code:'), code]],
  ])('reads %s', (message, lines) => {
    expect(callScript(message).code).toEqual(lines);
  });

  it('says all of it again with the key 1, and waits before it begins', () => {
    const script = callScript('Hi {otp}');
    expect(script).toMatchObject({ maxReplays: 3, autoReplay: false, replayPrompt: [], outro: [] });
    expect(script.intro).toEqual([{ kind: 'pause', ms: 600 }]);
  });
});
