import { describe, expect, it } from 'vitest';
import { silentLog } from '../observe/log.ts';
import type { Carrier } from '../sms/carrier.ts';
import type { CarrierRow } from '../store/tables/uplinks.ts';
import { uplinks } from './uplinks.ts';

interface Stage extends Carrier {
  closed: boolean;
  free(): void;
}

function stageCarrier(name: string): Stage {
  let onFree = () => {};
  return {
    name,
    receipts: true,
    closed: false,
    send: async () => [],
    status: () => ({ state: 'up', free: 1, trouble: null }),
    onFree(listener) {
      onFree = listener;
    },
    onReceipts() {},
    async close() {
      this.closed = true;
    },
    free: () => onFree(),
  };
}

function row(name: string, over: Partial<CarrierRow> = {}): CarrierRow {
  return { name, kind: 'smpp', priority: 100, enabled: true, configSealed: '', updatedAt: 1, ...over };
}

function open(rows: CarrierRow[]) {
  const opened: Stage[] = [];
  const links = uplinks({
    noun: 'carrier',
    graceMs: 1,
    rows: { list: async () => rows },
    sandbox: stageCarrier('handset'),
    open(one) {
      if (one.configSealed === 'unreadable') return null;
      const carrier = stageCarrier(one.name);
      opened.push(carrier);
      return carrier;
    },
    log: silentLog,
  });
  return { links, opened, names: () => links.routes('live').map((route) => route.uplink.name) };
}

describe('uplinks', () => {
  it('give test keys the sandbox phone, and live keys the carriers in order of priority', async () => {
    const { links, names } = open([row('backup', { priority: 200 }), row('main'), row('off', { enabled: false })]);
    expect(names()).toEqual([]);
    await links.refresh();
    expect(names()).toEqual(['main', 'backup']);
    expect(links.routes('test').map((route) => route.uplink.name)).toEqual(['handset']);
  });

  it('open again what was changed, close what is gone, and leave the rest alone', async () => {
    const rows = [row('kept'), row('changed'), row('gone')];
    const { links, opened, names } = open(rows);
    await links.refresh();
    rows.splice(0, 3, row('kept'), row('changed', { updatedAt: 2 }));
    await links.refresh();
    expect(names().sort()).toEqual(['changed', 'kept']);
    expect(opened.map((carrier) => [carrier.name, carrier.closed])).toEqual([
      ['kept', false],
      ['changed', true],
      ['gone', true],
      ['changed', false],
    ]);
  });

  it('leave out a carrier that cannot be read, and keep the others', async () => {
    const { links, names } = open([row('broken', { configSealed: 'unreadable' }), row('good')]);
    await links.refresh();
    expect(names()).toEqual(['good']);
  });

  it('read the store one after the other: two at once would open a carrier twice', async () => {
    const { links, opened } = open([row('one')]);
    await Promise.all([links.refresh(), links.refresh(), links.refresh()]);
    expect(opened).toHaveLength(1);
  });

  it('close what is just being opened, and open nothing afterwards', async () => {
    const rows = [row('main')];
    const { links, opened } = open(rows);
    const opening = links.refresh();
    await Promise.resolve(); // it has begun
    await links.close(0);
    await opening;
    rows.push(row('late'));
    await links.refresh();
    expect(opened.map(({ name, closed }) => [name, closed])).toEqual([['main', true]]);
  });

  it('pass on free capacity, and show each that is open', async () => {
    const { links, opened } = open([row('main')]);
    let freed = 0;
    const shown: string[] = [];
    links.onFree(() => {
      freed += 1;
    });
    links.onOpen((uplink) => shown.push(uplink.name));
    await links.refresh();
    freed = 0;
    opened[0]?.free();
    expect(freed).toBe(1);
    expect(shown).toEqual(['handset', 'main']);
  });

  it('that were changed and are not done yet are closed with the others', async () => {
    const rows = [row('changed')];
    const { links, opened } = open(rows);
    await links.refresh();
    const graces: number[] = [];
    const [old] = opened;
    if (old === undefined) throw new Error('not opened');
    // It has a call that goes on.
    old.close = (graceMs) => {
      graces.push(graceMs);
      return graces.length === 1 ? new Promise(() => {}) : Promise.resolve();
    };
    rows.splice(0, 1, row('changed', { updatedAt: 2 }));
    await links.refresh();
    await links.close(7);
    expect(graces).toEqual([1, 7]);
  });
});
