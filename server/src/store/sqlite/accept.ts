import type { DatabaseSync } from 'node:sqlite';
import { PassbellError } from '../../errors.ts';
import { judgeAccept } from '../../rules/judge-accept.ts';
import type { Calls } from './calls.ts';
import { commit } from './commit.ts';
import { acceptLoader } from './load-accept.ts';
import { acceptSaver } from './save-accept.ts';

/** Loads what a batch touches, has it judged, saves the verdicts' rows: one transaction, one fsync. */
export function acceptIn(db: DatabaseSync): Calls['accept'] {
  const load = acceptLoader(db);
  const save = acceptSaver(db);
  const fence = db.prepare('SELECT 1 FROM nodes WHERE node = ? AND taken_at IS NOT NULL');
  return (batch, node, now) =>
    commit(db, () => {
      // Others may have this node's work: what it accepted now would be sent twice.
      if (fence.get(node)) throw new PassbellError('unavailable', { reason: 'store' });
      const { state, made } = load(batch, now);
      const { verdicts, writes } = judgeAccept(batch, state, now);
      save(writes, made, node, now);
      return verdicts;
    });
}
