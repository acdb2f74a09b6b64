import { readdir, readFile } from 'node:fs/promises';

/** What processes have used: CPU seconds (user and system, all threads) since they started, resident memory now. */
export interface Usage {
  readonly cpuSeconds: number;
  readonly rssMb: number;
}

/** The unit of times in /proc/PID/stat: USER_HZ, which is 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
const PAGE_MB = 4096 / 2 ** 20;

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly ticks: number;
  /** Of its children that have ended. */
  readonly endedTicks: number;
  readonly pages: number;
}

/** Sums over the given processes and all that descend from them. Memory that they share is counted for each. */
export async function usage(roots: readonly number[]): Promise<Usage> {
  const members = await tree(roots);
  return {
    cpuSeconds: members.reduce((sum, { ticks }) => sum + ticks, 0) / TICKS_PER_SECOND,
    rssMb: members.reduce((sum, { pages }) => sum + pages, 0) * PAGE_MB,
  };
}

/**
 * CPU seconds, since the machine started, of everything but `root` and what descends from it, ended children included; and of all
 * that the machine could have given. A virtual machine's stolen time counts as spent by others.
 */
export async function othersCpu(root: number): Promise<{ readonly others: number; readonly possible: number }> {
  const [members, line] = await Promise.all([tree([root]), readFile('/proc/stat', 'latin1')]);
  // proc_stat(5): user nice system idle iowait irq softirq steal, over all processors; guest time is in user's already.
  const ticks = line.split('\n', 1)[0]?.trim().split(/\s+/).slice(1, 9).map(Number) ?? [];
  const possible = ticks.reduce((sum, each) => sum + each, 0);
  const idle = (ticks[3] ?? 0) + (ticks[4] ?? 0);
  const own = members.reduce((sum, { ticks, endedTicks }) => sum + ticks + endedTicks, 0);
  return { others: (possible - idle - own) / TICKS_PER_SECOND, possible: possible / TICKS_PER_SECOND };
}

/** The process that `pid` descends from directly. */
export async function parentOf(pid: number): Promise<number> {
  const stat = await readStat(pid);
  if (!stat) throw new Error(`No process ${pid}.`);
  return stat.parent;
}

async function tree(roots: readonly number[]): Promise<readonly Stat[]> {
  const all = await stats();
  const counted = new Set(roots);
  // Children have higher pids than their parents but for a wrap of the counter, which a bench run does not live to see.
  for (const { pid, parent } of all) if (counted.has(parent)) counted.add(pid);
  return all.filter(({ pid }) => counted.has(pid));
}

async function stats(): Promise<readonly Stat[]> {
  const pids = (await readdir('/proc')).map(Number).filter(Number.isInteger);
  const read = await Promise.all(pids.toSorted((a, b) => a - b).map(readStat));
  return read.filter((stat) => stat !== null);
}

async function readStat(pid: number): Promise<Stat | null> {
  const line = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => null);
  if (line === null) return null; // It ended between the listing and the reading.
  // proc(5): the name stands in parentheses and may hold spaces; `state` is field 3, so field n is at n - 3 after the name.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const field = (n: number) => Number(fields[n - 3]);
  return {
    pid,
    parent: field(4),
    ticks: field(14) + field(15),
    endedTicks: field(16) + field(17),
    pages: field(24),
  };
}
