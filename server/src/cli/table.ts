import { visible } from './visible.ts';

/** How a column stands: words to the left, figures to the right. `least`: its width at the least, in characters. */
export interface Column {
  readonly title: string;
  readonly align?: 'right';
  readonly least?: number;
}

/** Rows under their titles in aligned columns, each line with its end. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  return tableLines(columns, [columns.map(({ title }) => title), ...rows]);
}

/** The same without titles: for rows that come one by one, in columns as wide as their titles and `least` say. */
export function tableLines(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map(visible));
  const widths = columns.map(({ title, least = 0 }, i) => {
    return Math.max(least, width(title), ...cells.map((row) => width(row[i] ?? '')));
  });
  const line = (row: readonly string[]) =>
    columns
      .map(({ align }, i) => {
        const text = row[i] ?? '';
        const pad = ' '.repeat((widths[i] ?? 0) - width(text));
        return align === 'right' ? pad + text : text + pad;
      })
      .join('  ')
      .trimEnd();
  return cells.map((row) => `${line(row)}\n`).join('');
}

/** Names and their values under one another, each line with its end. */
export function card(rows: readonly (readonly [name: string, value: string])[]): string {
  const widest = Math.max(...rows.map(([name]) => width(name)));
  return rows.map(([name, value]) => `${`${name.padEnd(widest)}  ${visible(value)}`.trimEnd()}\n`).join('');
}

function width(text: string): number {
  return [...text].length;
}
