/** The one of `candidates` that a mistyped `word` was most likely meant to be; null when none is near. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  let best: string | null = null;
  // Half of the letters, but no more than three: past that a guess is noise.
  let least = Math.min(3, Math.floor(Math.max(word.length, 3) / 2)) + 1;
  for (const candidate of candidates) {
    const distance = edits(word, candidate);
    if (distance < least) {
      best = candidate;
      least = distance;
    }
  }
  return best;
}

/** Optimal string alignment distance: letters put in, left out, exchanged, or swapped with their neighbour. */
function edits(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const cell = (cells: readonly number[], at: number) => cells[at] ?? Number.POSITIVE_INFINITY;
      const swapped =
        a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? cell(before, j - 2) + 1 : Number.POSITIVE_INFINITY;
      row.push(Math.min(cell(above, j) + 1, cell(row, j - 1) + 1, cell(above, j - 1) + (same ? 0 : 1), swapped));
    }
    before = above;
    above = row;
  }
  return above[b.length] ?? a.length;
}
