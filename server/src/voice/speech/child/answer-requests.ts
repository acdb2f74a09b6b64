import type { Pcm } from '../speech-engine.ts';
import type { ChildMessage, SayMessage } from './messages.ts';

/** How a child speaks, once it has loaded what it needs. Throwing fails one utterance only. */
export type Says = (request: unknown) => Pcm | Promise<Pcm>;

/**
 * The whole life of a speech child: loads, says what it is asked to, ends when the service does. Nothing of what it is given to say
 * may come back in `why`: messages of engines are known not to hold it, and are cut.
 */
export async function answerRequests(load: () => Promise<Says>): Promise<void> {
  // The channel ends when the service dies, however it dies.
  process.once('disconnect', () => process.exit(0));
  let says: Says;
  try {
    says = await load();
  } catch (error) {
    tell({ kind: 'unusable', why: reason(error) });
    return;
  }
  process.on('message', async ({ id, request }: SayMessage) => {
    try {
      tell({ kind: 'said', id, pcm: await says(request) });
    } catch (error) {
      tell({ kind: 'failed', id, why: reason(error) });
    }
  });
  tell({ kind: 'ready' });
}

function tell(message: ChildMessage): void {
  process.send?.(message);
}

function reason(error: unknown): string {
  return (error instanceof Error ? error.message : 'unknown').slice(0, 300);
}
