import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Processes } from '../processes.ts';
import { destination, rawRequest, type Target } from './target.ts';

/** What came back while 64 connections sent as fast as they were answered. */
export interface Flood {
  readonly requests: number;
  readonly micros: number;
  /** Answered with 400 or above. */
  readonly refused: number;
  /** Not connected, not answered, or not in time. */
  readonly broken: number;
  /** From request to answer, ms. */
  readonly p50: number;
  readonly p99: number;
}

const SCRIPT = new URL('flood.lua', import.meta.url).pathname;
const CONNECTIONS = 64;

/** Sends for `seconds` to the destinations from the `first`-th on, by wrk. */
export async function flood(
  processes: Processes,
  target: Target,
  dir: string,
  seconds: number,
  first: number,
): Promise<Flood> {
  const request = join(dir, 'request.http');
  await writeFile(request, rawRequest(target));
  const url = `http://${target.host}:${target.port}/`;
  const args = ['-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, '-s', SCRIPT, url, '--', request, destination(first)];
  const wrk = processes.spawn('wrk', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  if (!wrk.stdout) throw new Error('wrk has no output.');
  const output = await text(wrk.stdout);
  const result = /^RESULT (.*)$/m.exec(output)?.[1];
  if (!result) throw new Error(`wrk gave no result:\n${output}`);
  return JSON.parse(result);
}
