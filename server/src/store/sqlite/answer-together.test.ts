import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { answerTogether } from './answer-together.ts';
import type { CallMessage, Calls } from './calls.ts';
import { commit, transactionIn } from './commit.ts';

/** A table of notes, whose `beat` writes one, and whose commits are counted. */
function desk() {
  const db = new DatabaseSync(':memory:');
  db.exec('CREATE TABLE notes (text TEXT NOT NULL UNIQUE)');
  const add = db.prepare('INSERT INTO notes VALUES (?)');
  let commits = 0;
  const exec = db.exec.bind(db);
  db.exec = (sql: string) => {
    if (sql === 'COMMIT') commits += 1;
    exec(sql);
  };
  const note = (text: string) => commit(db, () => add.run(text).changes > 0);
  const calls: Partial<Calls> = {
    beat: note,
    accept: (_batch, node) => (note(node) ? [] : []),
    transaction: transactionIn(db),
    leave: () =>
      commit(db, () => {
        add.run('half');
        throw new Error('changed its mind');
      }),
  };
  let id = 0;
  const message = (name: CallMessage['name'], ...args: unknown[]) => ({ id: ++id, name, args }) as CallMessage;
  return {
    db,
    beat: (text: string) => message('beat', text, 0, 0),
    message,
    answer: (...messages: CallMessage[]) => answerTogether(db, calls, messages),
    notes: () =>
      db
        .prepare('SELECT text FROM notes ORDER BY rowid')
        .all()
        .map((row) => row['text']),
    commits: () => commits,
  };
}

describe('answerTogether', () => {
  it('commits what waits together once, and answers in order', () => {
    const { answer, beat, notes, commits } = desk();
    expect(answer(beat('a'), beat('b'), beat('c'))).toEqual([1, 2, 3].map((id) => ({ id, answer: true })));
    expect(notes()).toEqual(['a', 'b', 'c']);
    expect(commits()).toBe(1);
  });

  it('lets a call that fails fail alone, with all it did', () => {
    const { answer, beat, notes, message } = desk();
    const answers = answer(beat('a'), beat('a'), message('leave', 'x'), beat('b'));
    expect(answers.map((one) => 'fault' in one)).toEqual([false, true, true, false]);
    expect(notes()).toEqual(['a', 'b']);
  });

  it('tells every call when the shared commit fails, and keeps none of them', () => {
    const { db, answer, beat, notes } = desk();
    const exec = db.exec.bind(db);
    db.exec = (sql: string) => {
      if (sql === 'COMMIT') throw new Error('disk I/O error');
      exec(sql);
    };
    expect(answer(beat('a'), beat('b')).map((one) => 'fault' in one)).toEqual([true, true]);
    db.exec = exec;
    expect(notes()).toEqual([]);
    expect(db.isTransaction).toBe(false);
  });

  it('stops when the engine ends the transaction by itself: what was done before is gone', () => {
    const { db, answer, beat, notes, message } = desk();
    const rollback = () => {
      db.exec('ROLLBACK');
      return [];
    };
    const gone = { ...message('claim'), name: 'claim' } as CallMessage;
    const answers = answerTogether(
      db,
      {
        beat: (text) => commit(db, () => db.prepare('INSERT INTO notes VALUES (?)').run(text).changes > 0),
        claim: rollback,
      },
      [beat('a'), gone, beat('b')],
    );
    expect(answers.map((one) => 'fault' in one)).toEqual([true, true, true]);
    expect(notes()).toEqual([]);
    expect(answer(beat('c'))).toHaveLength(1);
  });

  it('keeps the steps of a transaction, and what runs inside it, apart from everything else', () => {
    const { answer, beat, notes, message, commits } = desk();
    answer(beat('a'), message('transaction', 'begin'), beat('inside'), message('transaction', 'rollback'), beat('b'));
    expect(notes()).toEqual(['a', 'b']);
    expect(commits()).toBe(2);
  });

  it('commits two accepts apart', () => {
    const { answer, message, commits } = desk();
    answer(message('accept', [], 'n1', 0), message('accept', [], 'n2', 0));
    expect(commits()).toBe(2);
  });
});
