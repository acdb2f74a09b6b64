import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { need } from '../../../../e2e/peers/need.ts';
import { type PostgresPeer, startPostgres } from '../../../../e2e/peers/postgres.ts';
import { newId } from '../contract/samples.ts';
import { bigints, booleans, integers, smallints, texts, uuids } from './binary-array.ts';

describe.runIf(need('postgresql'))('binary arrays', () => {
  let server: PostgresPeer;
  let client: pg.Client;
  beforeAll(async () => {
    server = await startPostgres();
    client = new pg.Client(server.url);
    await client.connect();
  }, 60_000);
  afterAll(async () => {
    await client?.end();
    await server?.stop();
  }, 60_000);

  async function read(type: string, parameter: Buffer): Promise<unknown> {
    return (await client.query(`SELECT to_json($1::${type}[]) AS read`, [parameter])).rows[0].read;
  }

  it('are read by the server as what they were made of', async () => {
    const [a, b] = [newId(), newId()];
    expect(await read('uuid', uuids([a, null, b]))).toEqual([a, null, b]);
    const odd = ['', 'NULL', '{"a":"\\"}', 'né 🐘', null, 'line\nbreak', ' '];
    expect(await read('text', texts(odd))).toEqual(odd);
    const times = [0, -1, 1_770_000_000_000, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, null];
    expect(await read('bigint', bigints(times))).toEqual(times);
    expect(await read('integer', integers([0, -1, 2 ** 31 - 1, -(2 ** 31), null]))).toEqual([
      0,
      -1,
      2 ** 31 - 1,
      -(2 ** 31),
      null,
    ]);
    expect(await read('smallint', smallints([0, 1, -1]))).toEqual([0, 1, -1]);
    expect(await read('boolean', booleans([true, false, null]))).toEqual([true, false, null]);
    expect(await read('text', texts([]))).toEqual([]);
  });

  it('refuse what is no uuid', () => {
    for (const odd of ['', 'x', `${newId()}0`, newId().replaceAll('-', ''), `${newId().slice(0, -1)}g`]) {
      expect(() => uuids([odd])).toThrow('not a uuid');
    }
  });
});
