/** The bodies of every API here are flat; what a client adds of its own may be a little deeper. */
export const MAX_DEPTH = 16;

/**
 * Whether objects and lists stand in each other deeper than `limit` levels. Bodies are asked before anything else walks through
 * them: `JSON.stringify` and hashing recurse, and 10,000 levels, which fit in 20 KB, run them out of stack.
 */
export function isDeeper(value: unknown, limit: number = MAX_DEPTH): boolean {
  if (typeof value !== 'object' || value === null) return false;
  // Stops here, so that this walk itself has an end.
  if (limit === 0) return true;
  for (const inner of Object.values(value)) if (isDeeper(inner, limit - 1)) return true;
  return false;
}
