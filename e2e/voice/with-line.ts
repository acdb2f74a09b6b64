import { type Line, openLine } from './line.ts';
import { test as withPeers } from './with-peers.ts';

/**
 * As `with-peers.ts`, and with a service of the test's own, whose end holds that each call was told of exactly once.
 *
 * @param env further settings of the service's process
 */
export function testWithLine(env: NodeJS.ProcessEnv = {}) {
  return withPeers.extend<{ line: Line }>({
    line: async ({ task: _ }, use) => {
      const line = await openLine({}, env);
      await use(line);
      await line.stop();
    },
  });
}

export const test = testWithLine();
