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
  await writeFile(request, rawRequest(target, { number: destination(0) }));
  return wrk(processes, target, CONNECTIONS, seconds, 'flood.lua', [request, destination(first)]);
}

/** Keys and codes: see `writeList`. */
export interface List {
  readonly file: string;
  readonly sample: { readonly key: string; readonly code: string };
  /** So many requests wait for their answers at a time. */
  readonly connections: number;
}

/** Sends a list's keys and codes for `seconds`, from its `first`-th line on and around, by wrk. */
export async function floodList(
  processes: Processes,
  target: Target,
  list: List,
  seconds: number,
  first: number,
): Promise<Flood> {
  const request = `${list.file}.http`;
  await writeFile(request, rawRequest(target, list.sample));
  return wrk(processes, target, list.connections, seconds, 'checks.lua', [request, list.file, `${first}`]);
}

async function wrk(
  processes: Processes,
  { host, port }: Target,
  connections: number,
  seconds: number,
  script: string,
  args: readonly string[],
): Promise<Flood> {
  const load = ['-t1', `-c${connections}`, `-d${seconds}s`, '-s', new URL(script, import.meta.url).pathname];
  const child = processes.spawn('wrk', [...load, `http://${host}:${port}/`, '--', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (!child.stdout) throw new Error('wrk has no output.');
  const output = await text(child.stdout);
  const result = /^RESULT (.*)$/m.exec(output)?.[1];
  if (!result) throw new Error(`wrk gave no result:\n${output}`);
  return JSON.parse(result);
}
