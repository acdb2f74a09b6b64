import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VERSION } from '../../../version.ts';
import { servedNatively } from '../rig.ts';
import { undescribed } from './undescribed.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

interface Document {
  readonly info: unknown;
  readonly servers: unknown;
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly tags: readonly string[] }>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, object>>>>;
}

let served: Awaited<ReturnType<typeof servedNatively>>;
let document: Document;
let text: string;
beforeAll(async () => {
  served = await servedNatively();
  ({ text, body: document } = await served.send({ url: '/v1/openapi.json' }));
});
afterAll(() => served.close());

describe('/v1/openapi.json', () => {
  it('is an OpenAPI 3.1 document', async () => {
    const validator = new Validator();
    expect(await validator.validate(JSON.parse(text))).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  it('has the paths that are served, and no other', () => {
    const paths = pathsOf(served.app.printRoutes({ commonPrefix: false })).filter(
      (path) => path !== '/v1/openapi.json',
    );
    expect(paths.length).toBeGreaterThan(40);
    const templates = paths.map((path) => path.replaceAll(/:(\w+)/g, '{$1}').replace('*', '/{path}'));
    expect(Object.keys(document.paths).toSorted()).toEqual(templates.toSorted());
  });

  it('has their methods, and no other', async () => {
    const { live } = (await served.rig.account()).account.keys;
    for (const [path, item] of Object.entries(document.paths)) {
      const methods = Object.keys(item).map((method) => method.toUpperCase());
      const another = METHODS.find((method) => !methods.includes(method));
      if (path.startsWith('/v1/handset') || another === undefined) continue;
      const answer = await served.ask(live, `${another} ${path.replaceAll(/[{}]/g, '')}`);
      expect([path, answer.status, `${answer.headers['allow']}`.split(', ')]).toEqual([path, 405, methods]);
    }
  });

  it('says whose it is, which version, and where', () => {
    expect(document.info).toMatchObject({ title: 'Passbell', version: VERSION });
    expect(document.servers).toEqual([{ url: 'https://otp.example.com' }]);
  });

  it('explains every tag, and uses each', () => {
    const used = Object.values(document.paths).flatMap((item) => Object.values(item).flatMap(({ tags }) => tags));
    expect(new Set(used)).toEqual(new Set(document.tags.map(({ name }) => name)));
  });

  it('tells nothing of how schemas are read, and refers to nothing that is not there', () => {
    expect(text).not.toMatch(/"must":|"\$id":/);
    const references = [...text.matchAll(/"#\/components\/(\w+)\/([^"]+)"/g)];
    expect(references.length).toBeGreaterThan(100);
    for (const [, kind = '', name = ''] of references) expect(document.components[kind]).toHaveProperty([name]);
  });

  it('describes every field and parameter', () => {
    expect(undescribed(JSON.parse(text))).toEqual([]);
  });

  it('is sent once to whoever keeps it', async () => {
    const { status, headers } = await served.send({ url: '/v1/openapi.json' });
    expect([status, headers['cache-control']]).toEqual([200, 'no-cache']);
    const again = { url: '/v1/openapi.json', headers: { 'if-none-match': `${headers['etag']}` } };
    expect(await served.send(again)).toMatchObject({ status: 304, text: '' });
  });
});

/** Fastify prints its routes as a tree, and the methods behind each. */
function pathsOf(tree: string): string[] {
  const above: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const [, indent, segment] = /^([│ ]*)[├└]── (\S+) \(/.exec(line) ?? [];
    if (indent === undefined || segment === undefined) return [];
    above.splice(indent.length / 4, above.length, segment);
    return [above.join('')];
  });
}
