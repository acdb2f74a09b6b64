import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { undescribed } from '../dialects/native/openapi/undescribed.ts';
import { servedToOperator } from './rig.ts';

let served: Awaited<ReturnType<typeof servedToOperator>>;
let text: string;
beforeAll(async () => {
  served = await servedToOperator();
  text = (await served.app.inject('/admin/v1/openapi.json')).body;
});
afterAll(() => served.close());

describe('/admin/v1/openapi.json', () => {
  it('is an OpenAPI 3.1 document, for anybody to read', async () => {
    const validator = new Validator();
    expect(await validator.validate(JSON.parse(text))).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  it('describes every field and parameter', () => {
    expect(undescribed(JSON.parse(text))).toEqual([]);
  });

  it('explains every tag, and uses each', () => {
    const { tags, paths } = JSON.parse(text) as {
      readonly tags: readonly { readonly name: string }[];
      readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly tags: readonly string[] }>>>>;
    };
    const used = Object.values(paths).flatMap((item) => Object.values(item).flatMap(({ tags }) => tags));
    expect(new Set(used)).toEqual(new Set(tags.map(({ name }) => name)));
  });
});
