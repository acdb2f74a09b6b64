import type { Call } from './calls-api.ts';

/** Who calls, as a phone shows it. */
export function Caller({ call }: { readonly call: Call }) {
  if (call.anonymous) return <span>from a hidden number</span>;
  return call.from === null ? null : <span>from {call.from}</span>;
}
