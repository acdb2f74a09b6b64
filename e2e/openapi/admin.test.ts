import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, openAccount } from '../service/api.ts';
import { type Service, startService } from '../service/service.ts';
import { adminHints, CARRIER, TRUNK } from './admin-hints.ts';
import type { Json } from './described.ts';
import { runAfter } from './run.ts';

const REQUESTS = 2_400;

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.kill9());

describe('/admin/v1, asked all that its document allows, and much that it does not', () => {
  it(`answers ${REQUESTS} requests as it says`, { timeout: 180_000 }, async () => {
    const { url, ready } = service;
    const admin = ready.admin_token ?? '';
    const { test, live } = await openAccount(url, admin, { credits: 10 });
    const document = (await call<Json>('GET', `${url}/admin/v1/openapi.json`)).body;
    const { neverDone } = await runAfter({
      ...{ url, document, requests: REQUESTS, files: [], hints: adminHints },
      keys: { admin },
      owner: () => 'operator',
      callers: () => ['admin'],
      always: ['transport', 'give_up_ms'],
      bodies: { putCarrier: fc.constant(CARRIER), putTrunk: fc.constant(TRUNK) },
      // Their ids look like those of accounts.
      passedOver: ['listAudit', 'listCredits', 'grantCredits'],
      badKeys: ['Bearer x', `Bearer ${test}`, `Bearer ${live}`, `Bearer ${admin}x`],
      weights: { putCarrier: 2, putTrunk: 2, eraseNumberOf: 2 },
    });
    expect(neverDone).toEqual([]);
    expect([service.process.exitCode, service.process.signalCode]).toEqual([null, null]);
    expect(service.log()).not.toContain('"level":"error"');
  });
});
