/** A JSON value as one text, whatever order its fields came in: values that are the same as JSON have the same text. */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return `${JSON.stringify(value)}`;
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonicalJson(field)}`).join(',')}}`;
}
