import { bodyFor, destination, pathFor, type Target } from './target.ts';

/** A destination that no load reaches. */
const NUMBER = destination(29_999_999);

/** Sends one message, so that a service that refuses says why once, instead of a hundred thousand times to nobody. */
export async function probe(target: Target): Promise<void> {
  const { host, port, method, headers } = target;
  const body = bodyFor(target, NUMBER);
  const init = { method, headers, ...(body === '' ? {} : { body }) };
  const answer = await fetch(`http://${host}:${port}${pathFor(target, NUMBER)}`, init);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`A first message was answered ${answer.status}: ${text}`);
}
