import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HandsetCallRow, HandsetCallStore, HandsetErrand } from '../tables/handset-calls.ts';
import { NOW, newId } from './samples.ts';

/** What every store of the sandbox phone's calls must do. `open` makes an empty one. */
export function handsetCallContract(
  open: () => Promise<{ readonly calls: HandsetCallStore; close(): Promise<void> }>,
): void {
  let calls: HandsetCallStore;
  let close = async () => {};
  beforeAll(async () => {
    ({ calls, close } = await open());
  });
  afterAll(() => close());

  const call = (accountId: string, over: Partial<HandsetCallRow> = {}): HandsetCallRow => {
    const ids = { id: newId(), changeId: newId(), node: newId() };
    return { accountId, ...ids, numberDigest: 'x', sealed: 'sealed', startedAt: NOW, ...over };
  };

  describe('handset calls', () => {
    it('are listed newest first and waited for oldest first, of one number or of all', async () => {
      const account = newId();
      const rows = [call(account), call(account, { numberDigest: 'y' }), call(account)] as const;
      await calls.put(rows);
      await calls.put([]);
      const [a, b, c] = rows;
      expect(await calls.list(account, null, 2)).toEqual([c, b]);
      expect(await calls.list(account, 'x', 10)).toEqual([c, a]);
      expect(await calls.next(account, null, null)).toEqual(a);
      expect(await calls.next(account, 'x', a.id)).toEqual(c);
      expect(await calls.next(account, 'y', b.id)).toBeNull();
      expect(await calls.get(account, b.id)).toEqual(b);
    });

    it('are nobody else’s', async () => {
      const row = call(newId());
      await calls.put([row]);
      const other = newId();
      expect(await calls.get(other, row.id)).toBeNull();
      expect(await calls.list(other, null, 10)).toEqual([]);
      expect(await calls.next(other, null, null)).toBeNull();
      expect(await calls.lastChanged(other)).toBeNull();
      expect(await calls.nextChanged(other, null)).toBeNull();
    });

    it('move to the end of the changes with each change, and stay where they are in the list', async () => {
      const account = newId();
      const [a, b] = [call(account), call(account)];
      await calls.put([a, b]);
      const changed = { ...a, changeId: newId(), sealed: 'changed' };
      await calls.put([changed]);
      expect(await calls.list(account, null, 10)).toEqual([b, changed]);
      expect(await calls.nextChanged(account, null)).toEqual(b);
      expect(await calls.nextChanged(account, b.changeId)).toEqual(changed);
      expect(await calls.nextChanged(account, changed.changeId)).toBeNull();
      expect(await calls.lastChanged(account)).toEqual(changed);
    });

    it('that changed and that are new are saved together', async () => {
      const account = newId();
      const first = call(account);
      await calls.put([first]);
      const both = [{ ...first, changeId: newId() }, call(account)];
      await calls.put(both);
      expect(await calls.list(account, null, 10)).toEqual(both.toReversed());
    });

    it('are swept by age, a piece at a time', async () => {
      const account = newId();
      const old = 1_000;
      await calls.put([8, 9, 10].map((startedAt) => call(account, { startedAt: old + startedAt })));
      expect(await calls.sweep(old + 10, 1)).toBe(1);
      expect(await calls.sweep(old + 10, 9)).toBe(1);
      expect(await calls.sweep(old + 10, 9)).toBe(0);
      expect(await calls.list(account, null, 10)).toHaveLength(1);
    });
  });

  describe('handset errands', () => {
    const errand = (node: string, createdAt = NOW): HandsetErrand => {
      return { accountId: newId(), id: newId(), callId: newId(), node, askSealed: 'ask', createdAt };
    };

    it('wait for the node that is asked, oldest first, until it answers', async () => {
      const node = newId();
      const [a, b] = [errand(node), errand(node)];
      await calls.ask(a);
      await calls.ask(b);
      await calls.ask(errand(newId()));
      expect(await calls.asked(node, 10)).toEqual([a, b]);
      expect(await calls.asked(node, 1)).toEqual([a]);
      expect(await calls.answered(a.accountId, a.id)).toBeNull();
      await calls.answer(a.accountId, a.id, 'answer');
      expect(await calls.answered(a.accountId, a.id)).toBe('answer');
      expect(await calls.answered(b.accountId, a.id)).toBeNull();
      expect(await calls.asked(node, 10)).toEqual([b]);
    });

    it('that are called off are neither asked nor answered any more', async () => {
      const node = newId();
      const one = errand(node);
      await calls.ask(one);
      await calls.callOff(one.accountId, one.id);
      expect(await calls.asked(node, 10)).toEqual([]);
      await calls.answer(one.accountId, one.id, 'answer');
      expect(await calls.answered(one.accountId, one.id)).toBeNull();
    });

    it('are swept by age', async () => {
      const node = newId();
      await calls.ask(errand(node, 5));
      expect(await calls.sweep(6, 10)).toBe(1);
      expect(await calls.asked(node, 10)).toEqual([]);
    });
  });
}
