import { PassbellError } from '../errors.ts';
import type { WorkflowStep } from '../rules/verification.ts';
import type { Store } from '../store/store.ts';
import type { Verification } from '../store/tables/verifications.ts';
import { belongsTo, codeChecker } from './check-code.ts';
import type { SenderDeps } from './send.ts';
import { sendAgain } from './send-again.ts';
import type { Judged, Verdicts } from './verdicts.ts';
import type { Asker, Verifications, WishAsk, Wished } from './verification.ts';

export interface VerificationDeps extends SenderDeps {
  readonly store: Pick<Store, 'verifications'>;
  readonly verdicts: Pick<Verdicts, 'on'>;
}

/** What can be done with verifications that run. */
export function openVerifications(deps: VerificationDeps): Verifications {
  const { store, verdicts } = deps;

  async function find(ask: Asker & { readonly id: string }): Promise<Verification | null> {
    const verification = await store.verifications.get(ask.account.id, ask.id);
    return verification !== null && belongsTo(verification, ask) ? verification : null;
  }

  async function existing(ask: Asker & { readonly id: string }): Promise<Verification> {
    const verification = await find(ask);
    if (verification === null) throw new PassbellError('not_found', { what: 'verification' });
    return verification;
  }

  async function wish(ask: WishAsk, what: Wish): Promise<Wished | null> {
    if ((await find(ask)) === null) return null;
    const { account, id, replay } = ask;
    return wished(await verdicts.on({ accountId: account.id, id, replay, ...what }));
  }

  return {
    check: codeChecker(deps),
    async resend(ask) {
      const verification = await existing(ask);
      const { step, deliveries } = verification;
      const current = currentStep(verification);
      const channel = ask.channel ?? deliveries.at(-1)?.channel ?? current.channel;
      const via = current.channel === channel ? current.carrier : null;
      return sendAgain(verification, ask.account, { kind: 'resend', step, channel, via }, ask.replay, deps);
    },
    async next(ask) {
      const verification = await existing(ask);
      const step = verification.step + 1;
      // Where there is none behind it the commit refuses it, unless this is a replay of the last step's wish.
      const { channel, carrier: via } = verification.steps[step] ?? currentStep(verification);
      return sendAgain(verification, ask.account, { kind: 'step', step, channel, via }, ask.replay, deps);
    },
    cancel: (ask) => wish(ask, { kind: 'cancel' }),
    feedback: (ask) => wish(ask, { kind: 'feedback', converted: ask.converted }),
  };
}

type Wish = { readonly kind: 'cancel' } | { readonly kind: 'feedback'; readonly converted: boolean };

function currentStep({ steps, step }: Verification): WorkflowStep {
  const current = steps[step];
  if (current === undefined) throw new Error('a verification without its step');
  return current;
}

function wished({ fresh, result }: Judged): Wished | null {
  switch (result.kind) {
    case 'done':
      return { state: result.state, changed: true, fresh };
    case 'final':
      return { state: result.state, changed: false, fresh };
    case 'not_found':
      return null;
    case 'approved':
    case 'wrong':
      throw new Error('a wish that was judged as a check');
    default:
      return result satisfies never;
  }
}
