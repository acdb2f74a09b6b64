import type { DatabaseSync } from 'node:sqlite';
import { PassbellError } from '../../errors.ts';
import type { AnswerMessage, CallMessage, Calls } from './calls.ts';
import { commit } from './commit.ts';
import { faultOf } from './faults.ts';

/**
 * Answers calls in the order they were made; those that came while the last commit was under way share the next one. Sends,
 * outcomes and receipts each gather their own batches: committed apart, each batch would wait for the others' syncs.
 *
 * A call that fails fails alone. When the shared commit itself fails, none of its calls was done, and each is told so.
 */
export function answerTogether(
  db: DatabaseSync,
  calls: Partial<Calls>,
  messages: readonly CallMessage[],
): readonly AnswerMessage[] {
  const answers: AnswerMessage[] = [];
  let group: CallMessage[] = [];
  const settle = () => {
    answers.push(...answerGroup(db, calls, group));
    group = [];
  };
  for (const message of messages) {
    if (!mayShare(db, message, group)) settle();
    group.push(message);
    if (message.name === 'transaction') settle();
  }
  settle();
  return answers;
}

/**
 * The steps of a transaction, and what runs inside it, stand alone. So does a second accept: it would read limits in a log that
 * the first one wrote and that the commit may still take back.
 */
function mayShare(db: DatabaseSync, { name }: CallMessage, group: readonly CallMessage[]): boolean {
  if (db.isTransaction || name === 'transaction') return group.length === 0;
  return name !== 'accept' || !group.some((other) => other.name === 'accept');
}

function answerGroup(db: DatabaseSync, calls: Partial<Calls>, group: readonly CallMessage[]): readonly AnswerMessage[] {
  const [first] = group;
  if (first === undefined) return [];
  if (group.length === 1) return [answer(calls, first)];
  try {
    return commit(db, () =>
      group.map((message) => {
        const one = answer(calls, message);
        // A full disk ends the transaction, and with it what the calls before this one did.
        if (!db.isTransaction) throw new PassbellError('unavailable', { reason: 'store' });
        return one;
      }),
    );
  } catch (error) {
    const fault = faultOf(error);
    return group.map(({ id }) => ({ id, fault }));
  }
}

/** Answers calls one by one: what only reads has nothing to commit, and a reader may not hold the write lock. */
export function answerEach(calls: Partial<Calls>, messages: readonly CallMessage[]): readonly AnswerMessage[] {
  return messages.map((message) => answer(calls, message));
}

function answer(calls: Partial<Calls>, { id, name, args }: CallMessage): AnswerMessage {
  try {
    const call = calls[name] as (...args: unknown[]) => unknown;
    return { id, answer: call(...args) };
  } catch (error) {
    return { id, fault: faultOf(error) };
  }
}
