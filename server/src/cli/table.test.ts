import { expect, it } from 'vitest';
import { card, table, tableLines } from './table.ts';

const columns = [{ title: 'NAME' }, { title: 'CREDITS', align: 'right' }, { title: 'NOTE' }] as const;

it('aligns words to the left and figures to the right, without blanks at the ends', () => {
  expect(
    table(columns, [
      ['a', '7', 'x'],
      ['longer', '12345678', ''],
    ]),
  ).toBe(['NAME     CREDITS  NOTE', 'a              7  x', 'longer  12345678', ''].join('\n'));
  expect(table(columns, [])).toBe('NAME  CREDITS  NOTE\n');
});

it('keeps its columns over rows that come one by one', () => {
  const wide = [{ title: 'A', least: 4 }, { title: 'B' }];
  expect(tableLines(wide, [['1', 'x']]) + tableLines(wide, [['22', 'y']])).toBe('1     x\n22    y\n');
});

it('counts characters, not UTF-16 units', () => {
  expect(
    table(
      [{ title: 'N' }, { title: 'X' }],
      [
        ['😀', '1'],
        ['ab', '2'],
      ],
    ),
  ).toBe('N   X\n😀   1\nab  2\n');
});

it('keeps each row on its line', () => {
  expect(table(columns, [['a\nb\r\u001b[31m', '\u202e1', '\u0085']])).toBe(
    'NAME                CREDITS  NOTE\na\\nb\\r\\u{1B}[31m  \\u{202E}1  \\u{85}\n',
  );
  expect(card([['text', 'one\ntwo']])).toBe('text  one\\ntwo\n');
});
