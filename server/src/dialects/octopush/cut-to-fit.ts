import type { Secret } from '../../values/secret.ts';
import { type Piece, written } from './wording.ts';

/**
 * As much of a message as fits, with the code in it: what stands behind the first code goes first, from its end; then what stands before
 * it. A code is never cut itself. The very same pieces if all of them fit.
 *
 * @param fits must say yes to the code alone, and no to whatever is longer than what it says no to
 */
export function cutToFit(pieces: readonly Piece[], code: Secret, fits: (text: string) => boolean): readonly Piece[] {
  if (fits(written(pieces, code))) return pieces;
  const atoms = pieces.flatMap((piece) => (piece.kind === 'code' ? [piece] : characters(piece.text)));
  const first = atoms.findIndex(({ kind }) => kind === 'code');
  const upTo = (count: number) => atoms.slice(0, count);
  const fitting = (piecesOf: (count: number) => readonly Piece[]) => (count: number) =>
    fits(written(piecesOf(count), code));

  if (fitting(upTo)(first + 1)) return joined(upTo(longest(first + 1, atoms.length, fitting(upTo))));
  const before = (count: number): readonly Piece[] =>
    count === 0 ? [{ kind: 'code' }] : [...upTo(count), { kind: 'text', text: ' ' }, { kind: 'code' }];
  return joined(before(longest(0, first, fitting(before))));
}

/** The largest count from `low` on that fits, if `low` does, and `high` does not. */
function longest(low: number, high: number, fits: (count: number) => boolean): number {
  let [good, bad] = [low, high];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (fits(middle)) good = middle;
    else bad = middle;
  }
  return good;
}

function characters(text: string): readonly Piece[] {
  return Array.from(text, (character) => ({ kind: 'text', text: character }));
}

function joined(atoms: readonly Piece[]): readonly Piece[] {
  const pieces: Piece[] = [];
  for (const atom of atoms) {
    const last = pieces.at(-1);
    if (atom.kind === 'text' && last?.kind === 'text')
      pieces[pieces.length - 1] = { kind: 'text', text: last.text + atom.text };
    else pieces.push(atom);
  }
  return pieces;
}
