#!/usr/bin/env node
import { run } from './run.ts';
import { registerServe } from './serve.ts';
import { systemShell } from './shell.ts';

// A reader that has seen enough (`passbell messages | head -1`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

const code = await run(process.argv.slice(2), systemShell(), registerServe);
// `serve` sets the code itself, and is not done yet.
if (code !== 0) process.exitCode = code;
