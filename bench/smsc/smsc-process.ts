/**
 * The SMSC stand-in, in a process of its own: started by `start-smsc.ts`, which asks over the IPC channel. It ends with its parent.
 */
import { createServer } from 'node:net';
import { delayLine } from './delay-line.ts';
import { serveSession } from './session.ts';
import type { Answer, Question, SmscOptions } from './start-smsc.ts';
import { counts, newTally } from './tally.ts';

const options: SmscOptions = JSON.parse(process.argv[2] ?? '{}');
const tally = newTally(options.trace);
const later = delayLine(options.latencyMs);

const server = createServer((socket) => serveSession(socket, options, tally, later));
server.listen(options.port, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address) say({ listening: address.port });
});

process.on('message', (question: Question) => {
  switch (question) {
    case 'counts':
      return say({ counts: counts(tally) });
    case 'arrivals':
      return say({ arrivals: [...(tally.arrivals ?? [])] });
  }
});
process.on('disconnect', () => process.exit());
process.on('SIGINT', () => {
  // Ctrl-C reaches the whole group; the parent decides in which order things end.
});

function say(answer: Answer): void {
  process.send?.(answer);
}
