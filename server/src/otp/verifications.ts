import { PassbellError } from '../errors.ts';
import type { WorkflowStep } from '../rules/verification.ts';
import type { Verification } from '../store/tables/verifications.ts';
import { codeChecker } from './check-code.ts';
import { belongsTo, type FinderDeps, verificationFinder } from './find-verification.ts';
import type { SenderDeps } from './send.ts';
import { sendAgain } from './send-again.ts';
import type { Judged, Verdicts } from './verdicts.ts';
import type { SendAsk, Verifications, WishAsk, Wished } from './verification.ts';

interface Deps extends SenderDeps, FinderDeps {
  readonly verdicts: Pick<Verdicts, 'on'>;
}

/** What can be done with verifications that run. */
export function openVerifications(deps: Deps): Verifications {
  const { verdicts } = deps;
  const find = verificationFinder(deps);

  async function wish({ account, mode, dialect, id, replay }: WishAsk, what: Wish): Promise<Wished | null> {
    const accountId = account.id;
    if ((await find({ accountId, mode, dialect, id })) === null) return null;
    return wished(await verdicts.on({ accountId, id, replay, ...what }));
  }

  return {
    check: codeChecker({ ...deps, find }),
    async resend(ask) {
      refuseForeign(ask);
      const { verification } = ask;
      const { step, deliveries } = verification;
      const current = currentStep(verification);
      const channel = ask.channel ?? deliveries.at(-1)?.channel ?? current.channel;
      const via = current.channel === channel ? current.carrier : null;
      return sendAgain(verification, ask.account, { kind: 'resend', step, channel, via }, ask.replay, deps);
    },
    async next(ask) {
      refuseForeign(ask);
      const { verification } = ask;
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

function refuseForeign(ask: SendAsk): void {
  if (!belongsTo(ask.verification, ask)) throw new PassbellError('not_found', { what: 'verification' });
}

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
