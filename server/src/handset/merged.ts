/** What several sources give, as it comes; none is asked for more before the reader is. Ends when all have ended. */
export async function* merged<T>(...sources: readonly AsyncGenerator<T>[]): AsyncGenerator<T> {
  const pull = async (source: AsyncGenerator<T>) => ({ source, result: await source.next() });
  const pulls = new Map(sources.map((source) => [source, pull(source)]));
  while (pulls.size > 0) {
    const { source, result } = await Promise.race(pulls.values());
    pulls.delete(source);
    if (result.done) continue;
    yield result.value;
    pulls.set(source, pull(source));
  }
}
