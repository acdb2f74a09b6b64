import type { Json } from './schema-object.ts';

/** Where a document leaves a field or a parameter without a word, for tests. What is one of a list, or `data`, may speak for itself. */
export function undescribed(value: unknown, at = ''): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((each, i) => undescribed(each, `${at}/${i}`));
  const json = value as Json;
  const fields = Object.entries((json['properties'] ?? {}) as Readonly<Record<string, Json>>);
  const bare = fields.filter(([name, schema]) => name !== 'data' && !speaks(schema)).map(([name]) => `${at}/${name}`);
  const parameter =
    'in' in json && 'schema' in json && json['description'] === undefined ? [`${at} ${json['name']}`] : [];
  return [...bare, ...parameter, ...Object.entries(json).flatMap(([key, each]) => undescribed(each, `${at}/${key}`))];
}

function speaks(schema: Json): boolean {
  return ['description', '$ref', 'enum', 'const'].some((key) => key in schema) || schema['type'] === 'boolean';
}
