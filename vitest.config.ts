import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// What Node has stripped of its types is read from here by the next thread and process. Without it each of the hundreds of threads that tests
// begin and end compiles a WebAssembly compiler of its own: slow, and what makes V8 lose pages of code (nodejs/node#64500).
const env = { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/node') };

export default defineConfig({
  test: {
    // A forgotten `.only` would leave the rest untested without a word.
    allowOnly: process.env['CI'] === undefined,
    projects: [
      {
        test: {
          name: 'unit',
          env,
          include: ['{server/src,sdk,console,bench,scripts}/**/*.test.{ts,tsx}', 'e2e/peers/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**', 'bench/results/**'],
          // Nothing keeps state in a module, so files may share their workers: half the time.
          isolate: false,
          // On processors with protection keys V8 may miss a page of code that another thread gave back, and end the process:
          // "Check failed: jit_page.has_value()" (nodejs/node#64500).
          execArgv: ['--no-memory-protection-keys'],
          // A generous end for what hangs: on a busy machine a property test takes many times its own time.
          testTimeout: 30_000,
          hookTimeout: 30_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'e2e',
          env,
          include: ['e2e/**/*.test.ts'],
          exclude: ['**/node_modules/**', 'e2e/peers/**'],
          // Whole systems on real ports: one at a time, so that none is slow because of another.
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
