import type { Command } from 'commander';
import { type BrokenLink, type ChainHead, chainWalk } from '../../rules/audit-chain.ts';
import type { AuditStore } from '../../store/tables/audit.ts';
import { answer } from '../answer.ts';
import { CommandError } from '../command-error.ts';
import type { Parsed } from '../parsed.ts';
import { readings } from '../readings.ts';
import type { Shell } from '../shell.ts';
import { type StoreOptions, storeFlags, withStore } from '../with-store.ts';

interface Options extends StoreOptions {
  readonly head?: string;
}

const PAGE = 1000;

export function registerAuditVerify(parent: Command, shell: Shell): void {
  const command = parent
    .command('verify')
    .description('walk the audit log from its beginning; ends with 1 at the first broken link')
    .option('--head <seq:hash>', 'a head that an earlier verify told: it must stand in the log as it did then');
  storeFlags(command).action((options: Options) =>
    withStore(shell, options, async ({ store }) => {
      const { read, done } = readings();
      const noted = read('--head', options.head, readHead);
      done();
      const { entries, head } = await verified(store.audit, noted);
      const told = `Its head is ${head.seq}:${head.hash}.`;
      const text = `The audit log is whole: ${entries} ${entries === 1 ? 'entry' : 'entries'}. ${told}\n`;
      answer(shell, options, { ok: true, entries, head }, text);
    }),
  );
}

async function verified(audit: AuditStore, noted: ChainHead | undefined) {
  // Its head first: what is appended while it is read stays out.
  const head = await audit.head();
  const walk = chainWalk();
  let found = noted === undefined;
  for (let seq = 0; seq < head.seq; ) {
    const rows = (await audit.walk(seq, PAGE)).filter((row) => row.seq <= head.seq);
    const last = rows.at(-1);
    if (last === undefined) break;
    refuse(walk.next(rows));
    found ||= rows.some((row) => row.seq === noted?.seq && row.hash === noted.hash);
    seq = last.seq;
  }
  refuse(walk.end(head));
  if (!found) {
    throw new CommandError(
      'audit_broken',
      'The audit log is another chain than the one whose head was noted, or that entry has outlived its year.',
    );
  }
  return { entries: walk.rows, head };
}

function refuse(broken: BrokenLink | null): void {
  if (broken !== null) {
    throw new CommandError('audit_broken', `The audit log is broken at entry ${broken.seq}: ${WHY[broken.why]}.`);
  }
}

const WHY: Readonly<Record<BrokenLink['why'], string>> = {
  missing: 'it is missing',
  altered: 'it does not say what was written',
  moved: 'it does not follow the one before it',
  cut_off: 'from there on it is cut off',
  beginning_removed: 'all up to it was removed, and not by retention',
};

function readHead(text: string): Parsed<ChainHead> {
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (seq === undefined || hash === undefined)
    return { fault: 'is not what `passbell audit verify` told: <seq>:<hash>' };
  return { value: { seq: Number(seq), hash } };
}
