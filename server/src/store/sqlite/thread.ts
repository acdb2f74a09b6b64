import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { acceptIn } from './accept.ts';
import { answerEach, answerTogether } from './answer-together.ts';
import { callbacksIn } from './callbacks.ts';
import type { CallMessage, Calls, ThreadData } from './calls.ts';
import { transactionIn } from './commit.ts';
import { faultOf } from './faults.ts';
import { leasesIn } from './leases.ts';
import { limitSweeper } from './limit-log.ts';
import { migrate, openDatabase } from './open-database.ts';
import { queryIn } from './query.ts';
import { settleIn } from './settle.ts';
import { verificationFinder, verifyIn } from './verify.ts';

// The thread's whole life: open, say so, answer calls in the order they come; those that wait together in one commit.
const { file, role, now, serving } = workerData as ThreadData;
const port = parentPort;
if (port === null) throw new Error('thread.ts runs as a worker thread only');

try {
  const db = openDatabase(file);
  if (role === 'writer') {
    migrate(db, now);
    if (serving) db.exec('DELETE FROM nodes');
  } else {
    db.exec('PRAGMA query_only = 1');
  }
  const query = queryIn(db);
  const findVerifications = verificationFinder(db);
  const calls: Partial<Calls> =
    role === 'reader'
      ? { query, findVerifications }
      : {
          query,
          findVerifications,
          transaction: transactionIn(db),
          accept: acceptIn(db),
          verify: verifyIn(db),
          sweepLimits: limitSweeper(db),
          ...settleIn(db),
          ...leasesIn(db),
          ...callbacksIn(db),
        };

  // Reads the log of the limits now: the first send shall not wait for it.
  if (serving) calls.accept?.([], '', now);

  port.on('message', (first: CallMessage | 'close') => {
    const waiting: CallMessage[] = [];
    let message: CallMessage | 'close' | undefined = first;
    for (; message !== undefined && message !== 'close'; message = receiveMessageOnPort(port)?.message) {
      waiting.push(message);
    }
    if (waiting.length > 0) {
      port.postMessage(role === 'reader' ? answerEach(calls, waiting) : answerTogether(db, calls, waiting));
    }
    if (message === 'close') {
      db.close();
      port.close();
    }
  });
  port.postMessage([{ id: 0, answer: 'open' }]);
} catch (error) {
  port.postMessage([{ id: 0, fault: faultOf(error) }]);
  port.close();
}
