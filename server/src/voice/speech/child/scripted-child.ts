// A speech child for tests: what it is asked to say tells it what to do.
import { answerRequests } from './answer-requests.ts';

await answerRequests(async () => {
  if (process.argv[2] === 'unusable') throw new Error('no such module');
  if (process.argv[2] === 'mute') return await new Promise(() => {});
  let said = 0;
  return (request) => {
    said += 1;
    const [verb, value] = String(request).split(' ');
    switch (verb) {
      case 'die':
        process.exit(9);
        break;
      case 'die-at-first':
        if (said === 1) process.exit(9);
        break;
      case 'hang':
        for (;;);
      case 'fail':
        throw new Error('cannot');
      case 'nonsense':
        return { samples: 'none', rate: 8000 } as never;
      case 'environment':
        return { samples: Int16Array.from([Object.keys(process.env).length]), rate: 8000 };
    }
    return { samples: Int16Array.from([Number(value), said]), rate: 8000 };
  };
});
