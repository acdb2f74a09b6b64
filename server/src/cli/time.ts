/** A time as every list writes it, to the second, UTC: `2026-01-31T10:00:05Z`. */
export function writeTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
