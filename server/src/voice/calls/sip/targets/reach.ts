import type { Clock, Timer } from '../../../../values/clock.ts';
import type { SipStack } from '../stack.ts';
import type { Local, Target } from '../transport/target.ts';

/**
 * Where `target` reaches us. Over TCP and TLS this opens the connection.
 * @returns what is wrong, where there is no way there: an error of the system or of TLS, or `null` where `ms` went by.
 */
export async function reach(
  stack: Pick<SipStack, 'local'>,
  target: Target,
  ms: number,
  clock: Clock,
): Promise<{ readonly local: Local } | { readonly error: unknown }> {
  let timer: Timer | undefined;
  const late = new Promise<{ error: unknown }>((resolve) => {
    timer = clock.after(ms, () => resolve({ error: null }));
  });
  const reached = stack.local(target).then(
    (local) => ({ local }),
    (error: unknown) => ({ error }),
  );
  const first = await Promise.race([reached, late]);
  timer?.cancel();
  return first;
}
