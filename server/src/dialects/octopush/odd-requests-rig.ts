import { expect } from 'vitest';
import { NUMBER, openApi } from './rig.ts';

/** What became of a request; what is left out is as for one that holds a number alone. */
export interface Became {
  /** Digits of the code. */
  readonly length?: number;
  /** What the code is made of. */
  readonly code?: RegExp;
  readonly seconds?: number;
  readonly attempts?: number;
  /** With ● for the code. */
  readonly text?: string;
  readonly sender?: string | null;
  /** Who speaks; absent for a text. */
  readonly voice?: string;
  readonly ip?: string | null;
  readonly warnings?: readonly RegExp[];
}

const PLAIN: Required<Omit<Became, 'voice' | 'length'>> = {
  ...{ code: /^[0-9]{6}$/, seconds: 600, attempts: 5, text: '●', sender: null, ip: null, warnings: [] },
};

/** An account with senders, and what it is sent for. */
export async function openOddRequests() {
  const api = await openApi();
  const senders = ['Acme', 'MyShop', 'My-Own', 'ElevenChars', '+33611223344'];
  const caller = await api.caller({}, { sender: 'Acme', senders });

  async function send(asked: object | string) {
    api.starts.length = 0;
    const payload = typeof asked === 'string' ? asked : { phone_number: NUMBER, ...asked };
    const answer = await caller.generate(payload, { 'content-type': 'application/json' });
    expect([answer.statusCode, answer.json()]).toEqual([200, expect.objectContaining({ code: 0, message: 'success' })]);
    expect(api.starts).toHaveLength(1);
    return api.starts[0] ?? expect.fail();
  }

  return {
    ...{ api, caller },
    /** What comes through of a request that must be sent: its fields besides the number, or its whole body. */
    send,
    /** Sends it, and compares. */
    async becomes(asked: object | string, became: Became): Promise<void> {
      const { code: secret, messages, ttlMs, maxAttempts, ip, bindIp, number, steps, warnings } = await send(asked);
      const code = secret.reveal();
      const { sms, voice } = messages;
      const { length, voice: speaker, ...want } = { ...PLAIN, ...became };
      const made = length === undefined ? want.code : new RegExp(`^\\d{${length}}$`);
      expect({
        ...{ code, ip, warnings, seconds: ttlMs / 1000, attempts: maxAttempts, sender: sms?.sender ?? null },
        text: (sms?.text ?? voice?.text)?.replaceAll(code, '●'),
      }).toEqual({ ...want, code: expect.stringMatching(made), warnings: matching(want.warnings) });
      expect([number.e164, bindIp, voice?.call.voice.name]).toEqual([NUMBER, ip !== null, speaker]);
      expect(steps).toEqual([{ channel: speaker === undefined ? 'sms' : 'voice', carrier: null, waitMs: 0 }]);
    },
  };
}

export type OddRequests = Awaited<ReturnType<typeof openOddRequests>>;

export function matching(warnings: readonly RegExp[]) {
  return warnings.map((warning) => expect.stringMatching(warning));
}

/** The warning of a field whose value could not be mended. */
export function ignored(name: string): RegExp {
  return new RegExp(`^${name} is .*: it was ignored\\.$`);
}
