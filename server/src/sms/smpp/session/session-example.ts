import { duplexPair } from 'node:stream';
import { ManualClock } from '../../../values/manual-clock.ts';
import { Secret } from '../../../values/secret.ts';
import type { SubmitProfile, SubmitSm } from '../pdu/submit-sm.ts';
import { cstring, SmscSide } from '../scripted-smsc.ts';
import { Session } from './session.ts';
import type { SessionLimits } from './session-listener.ts';

export const profile: SubmitProfile = { serviceType: '', priorityFlag: 0, replaceIfPresent: false, receipts: true };
export const message: SubmitSm = {
  source: { ton: 5, npi: 0, digits: 'ACME' },
  destination: { ton: 1, npi: 1, digits: '9779851023212' },
  dataCoding: 0,
  message: Buffer.from('Hi'),
  place: 'short_message',
  concatenation: null,
  validityPeriod: '',
};
const limits: SessionLimits = { window: 3, responseTimeoutMs: 10_000, enquireIntervalMs: 30_000 };
const who = { systemId: 'acme', password: new Secret('hush'), systemType: '', addressRange: '' };

/** For tests: a session and its SMSC, and what the session told its listener. */
export function sessionWithSmsc(over: Partial<SessionLimits> = {}) {
  const clock = new ManualClock();
  const [near, far] = duplexPair();
  const smsc = new SmscSide(near, far);
  const told: string[] = [];
  const answers: ((status: number) => void)[] = [];
  const ended = Promise.withResolvers<string>();
  const session = new Session(near, { ...limits, ...over }, clock, {
    changed: () => told.push(`free ${session.free}`),
    delivered(delivered, answer) {
      told.push(`delivered ${delivered.message.toString('latin1')}`);
      answers.push(answer);
    },
    noticed: (notice) => told.push(Object.values(notice).join(' ')),
    ended(end, detail) {
      told.push(`ended ${end}`);
      ended.resolve(detail === null ? end : `${end} ${detail}`);
    },
  });
  return {
    clock,
    smsc,
    session,
    told,
    answers,
    ended: ended.promise,
    bind: () => session.bind('transceiver', who),
    async bound() {
      const bound = session.bind('transceiver', who);
      smsc.answer(await smsc.next(), 0, cstring('smsc'));
      await bound;
      told.length = 0;
    },
    /** Submits one message. @returns what became of it. */
    submit(): Promise<string> {
      return new Promise((resolve) =>
        session.submit(message, profile, {
          answered: (status, id) => resolve(`${status} ${id}`),
          lost: (written) => resolve(written ? 'in doubt' : 'not sent'),
        }),
      );
    },
  };
}
