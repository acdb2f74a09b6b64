// Columns of values as array parameters, in the server's binary format (`array_send` and the `_send` functions of the element types).
// A third of what a batch cost the server was reading the same arrays as text.

/** Element types by their object identifiers (`pg_type.dat`: fixed, the same on every server). */
const UUID = 2950;
const TEXT = 25;
const INT8 = 20;
const INT4 = 23;
const INT2 = 21;
const BOOL = 16;

/** Dimensions, whether there are nulls, element type, length and lower bound of the one dimension. */
const HEADER_BYTES = 20;
const LENGTH_BYTES = 4;

function array<T>(
  type: number,
  values: readonly (T | null)[],
  bytesOf: (value: T) => number,
  write: (into: Buffer, value: T, at: number) => void,
): Buffer {
  let size = HEADER_BYTES;
  let hasNull = 0;
  for (const value of values) {
    size += LENGTH_BYTES;
    if (value === null) hasNull = 1;
    else size += bytesOf(value);
  }
  const out = Buffer.allocUnsafe(size);
  for (const [i, field] of [1, hasNull, type, values.length, 1].entries()) out.writeInt32BE(field, 4 * i);
  let at = HEADER_BYTES;
  for (const value of values) {
    const bytes = value === null ? -1 : bytesOf(value);
    at = out.writeInt32BE(bytes, at);
    if (value === null) continue;
    write(out, value, at);
    at += bytes;
  }
  return out;
}

/** `uuid[]`. Throws on a text that is no uuid: what is not 16 bytes long would shift everything behind it. */
export function uuids(values: readonly (string | null)[]): Buffer {
  return array(UUID, values, () => 16, writeUuid);
}

function writeUuid(into: Buffer, value: string, at: number): void {
  if (into.write(value.replaceAll('-', ''), at, 'hex') !== 16 || value.length !== 36) throw new TypeError('not a uuid');
}

/** `text[]` */
export function texts(values: readonly (string | null)[]): Buffer {
  return array(TEXT, values, Buffer.byteLength, (into, value, at) => into.write(value, at));
}

/** `bigint[]` of integers up to 2^53. */
export function bigints(values: readonly (number | null)[]): Buffer {
  return array(
    INT8,
    values,
    () => 8,
    (into, value, at) => into.writeBigInt64BE(BigInt(value), at),
  );
}

/** `integer[]` */
export function integers(values: readonly (number | null)[]): Buffer {
  return array(
    INT4,
    values,
    () => 4,
    (into, value, at) => into.writeInt32BE(value, at),
  );
}

/** `smallint[]` */
export function smallints(values: readonly (number | null)[]): Buffer {
  return array(
    INT2,
    values,
    () => 2,
    (into, value, at) => into.writeInt16BE(value, at),
  );
}

/** `boolean[]` */
export function booleans(values: readonly (boolean | null)[]): Buffer {
  return array(
    BOOL,
    values,
    () => 1,
    (into, value, at) => into.writeInt8(value ? 1 : 0, at),
  );
}
