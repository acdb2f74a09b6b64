/** The least UUID that a UUIDv7 (RFC 9562 §5.7) made at `ms` or later can be: what old rows are found by, where ids are the only index. */
export function firstUuidAt(ms: number): string {
  const time = Math.max(0, Math.floor(ms)).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-0000-0000-000000000000`;
}
