import { describe, expect, it } from 'vitest';
import { silentLog } from '../observe/log.ts';
import type { Carrier, CarrierReceipt } from '../sms/carrier.ts';
import type { CarrierRow, CarrierStore } from '../store/tables/carriers.ts';
import { uplinks } from './uplinks.ts';

interface Stage extends Carrier {
  closed: boolean;
  free(): void;
  report(receipts: readonly CarrierReceipt[]): Promise<void>;
}

function stageCarrier(name: string): Stage {
  let onFree = () => {};
  let onReceipts: (receipts: readonly CarrierReceipt[]) => Promise<void> = async () => {};
  return {
    name,
    receipts: true,
    closed: false,
    send: async () => [],
    status: () => ({ state: 'up', free: 1, trouble: null }),
    onFree(listener) {
      onFree = listener;
    },
    onReceipts(listener) {
      onReceipts = listener;
    },
    async close() {
      this.closed = true;
    },
    free: () => onFree(),
    report: (receipts) => onReceipts(receipts),
  };
}

function row(name: string, over: Partial<CarrierRow> = {}): CarrierRow {
  return { name, kind: 'smpp', priority: 100, enabled: true, configSealed: '', updatedAt: 1, ...over };
}

function open(rows: CarrierRow[]) {
  const opened: Stage[] = [];
  const carriers = { list: async () => rows } as unknown as CarrierStore;
  const links = uplinks({
    carriers,
    sandbox: stageCarrier('handset'),
    open(one) {
      if (one.configSealed === 'unreadable') return null;
      const carrier = stageCarrier(one.name);
      opened.push(carrier);
      return carrier;
    },
    log: silentLog,
  });
  return { links, opened, names: () => links.carriers('live').map((route) => route.carrier.name) };
}

describe('uplinks', () => {
  it('give test keys the sandbox phone, and live keys the carriers in order of priority', async () => {
    const { links, names } = open([row('backup', { priority: 200 }), row('main'), row('off', { enabled: false })]);
    expect(names()).toEqual([]);
    await links.refresh();
    expect(names()).toEqual(['main', 'backup']);
    expect(links.carriers('test').map((route) => route.carrier.name)).toEqual(['handset']);
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

  it('pass on free capacity, and receipts with the name of their carrier', async () => {
    const { links, opened } = open([row('main')]);
    await links.refresh();
    let freed = 0;
    const heard: unknown[] = [];
    links.onFree(() => {
      freed += 1;
    });
    links.onReceipts(async (carrier, receipts) => {
      heard.push([carrier, receipts.length]);
    });
    opened[0]?.free();
    await opened[0]?.report([{ messageId: 'A', state: 'delivered', code: null, at: 0 }]);
    expect(freed).toBe(1);
    expect(heard).toEqual([['main', 1]]);
  });
});
