import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CsvCell, csvLine } from './csv.ts';

/** A strict reader of RFC 4180: it takes nothing that the grammar does not. */
function read(text: string): string[][] {
  const rows: string[][] = [];
  let at = 0;
  while (at < text.length) {
    const row: string[] = [];
    for (;;) {
      const [whole, quoted] = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))/.exec(text.slice(at)) ?? [''];
      row.push(quoted === undefined ? whole : quoted.replaceAll('""', '"'));
      at += whole.length;
      if (text[at] !== ',') break;
      at += 1;
    }
    if (text.slice(at, at + 2) !== '\r\n') throw new Error(`no end of a line at ${at}`);
    at += 2;
    rows.push(row);
  }
  return rows;
}

describe('a line of CSV', () => {
  it('quotes what would break it', () => {
    expect(csvLine(['a', 'b,c', 'd "e"', 'f\r\ng', null, 7, true])).toBe('a,"b,c","d ""e""","f\r\ng",,7,true\r\n');
  });

  it.each(['=1+1', '+9779851023212', '-1', '@SUM(A1)', '\tx', '\rx', '\nx', '＝1', "'quoted'", "'=1"])(
    'puts an apostrophe before %j',
    (text) => {
      expect(read(csvLine([text]))).toEqual([[`'${text}`]]);
    },
  );

  it('leaves numbers as they are', () => {
    expect(csvLine([-500, 0])).toBe('-500,0\r\n');
  });

  it('reads back as it was, cell by cell, and no text begins as a formula does', () => {
    const cell = fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom('="x"', '+1,2', '@\r\n"', "'='", "''"));
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 4 }), (rows) => {
        const back = read(rows.map((row: CsvCell[]) => csvLine(row)).join(''));
        expect(back.flat().filter((text) => /^[=+\-@\t\r\n]/.test(text))).toEqual([]);
        expect(back.map((row) => row.map((text) => text.replace(/^'/, '')))).toEqual(rows);
      }),
    );
  });
});
