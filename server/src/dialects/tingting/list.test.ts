import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Delivery } from '../../delivery/delivery.ts';
import { otpSender } from '../../otp/send.ts';
import type { SendsOtp } from '../../otp/send-otp.ts';
import type { AcceptRequest } from '../../rules/accept.ts';
import { defaultSettings } from '../../rules/account-settings.ts';
import { type Api, openApi, PUBLIC_URL, SEND } from './rig.ts';

const LIST = '/api/v1/auths/list/send-otps/';
const own = {
  number: '9861489014',
  message: 'Hi, your otp is {otp}',
  sms_send_options: 'text',
  otp_options: 'personnel',
};

let api: Api;
let caller: Awaited<ReturnType<Api['caller']>>;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  caller = await api.caller({ smsCredits: 1_000 }, { numberLimits: [] });
  api.sendWith(committing());
});

/** The real sender, with delivery as far as the commit: what is accepted stays queued. */
function committing(alter: (request: AcceptRequest) => AcceptRequest = (same) => same): SendsOtp {
  const submit: Delivery['submit'] = async (request) => {
    const [verdict] = await api.store.accept([alter(request)], 'node', api.clock.now());
    if (verdict === undefined) throw new Error('no verdict');
    return verdict;
  };
  const phone = { uplink: { name: 'handset', status: () => ({ free: 1 }) }, priority: 0 };
  const phones = { routes: () => [phone] };
  const renderCall = async () => {
    throw new Error('no calls here');
  };
  return otpSender({ ...api, delivery: { submit }, carriers: phones, trunks: phones, renderCall });
}

/** Sends one code a second, and answers when the last was sent. */
async function send(count: number, over: object = {}): Promise<number> {
  for (let i = 0; i < count; i++) {
    const answer = await caller.post(SEND, { ...own, otp: String(1000 + i), ...over });
    expect(answer.statusCode).toBe(200);
    api.clock.advance(1_000);
  }
  return api.clock.now() - 1_000;
}

async function list(query = '') {
  const answer = await caller.get(LIST + query);
  expect(answer.statusCode).toBe(200);
  return answer.json();
}
const idsOf = (page: Awaited<ReturnType<typeof list>>) => page.results.data.map(({ id }: { id: number }) => id);

describe('a row', () => {
  it('has the vendor’s fields in its order, then ours', async () => {
    const at = await send(1, { number: '+977 9861489014', otp: '12345', company_name: 'prixa' });
    const answer = await caller.get(LIST);
    const time = new Date(at + 20_700_000).toISOString().slice(0, -1);
    expect(answer.body).toBe(
      '{"count":1,"total_pages":1,"next":null,"previous":null,"results":{"status":200,"success":true,"errors":[],"data":[' +
        '{"id":1,"phone_number":"+977 9861489014","message":"Hi, your otp is 12345","otp":"12345","otp_options":"personnel",' +
        `"sms_send_options":"text","created_at":"${time}000+05:45","status":"queued","credits_used":1}]}}`,
    );
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('tells how its delivery went', async () => {
    await send(1);
    const [row] = await api.store.otps.page(caller.account.id, {}, 1, 0);
    const about = {
      accountId: caller.account.id,
      deliveryId: row?.delivery.id ?? '',
      node: 'node',
      at: api.clock.now(),
    };
    const next = { kind: 'final', state: 'failed', reason: 'carrier_refused' } as const;
    await api.store.settle([{ ...about, attempt: null, next }], [], null, api.clock.now());
    expect((await list()).results.data).toMatchObject([{ status: 'failed' }]);
  });

  it('hides code and message after the reveal window', async () => {
    await send(1);
    api.clock.advance(86_400_000 - 1_000 - 1);
    await api.directory.refresh();
    expect((await list()).results.data).toMatchObject([{ otp: '1000', message: 'Hi, your otp is 1000' }]);
    api.clock.advance(1);
    await api.directory.refresh();
    const hidden = { otp: '*****', message: '*****', phone_number: '9861489014', otp_options: 'personnel' };
    expect((await list()).results.data).toMatchObject([hidden]);
  });

  it('never shows them where the account’s window is nought, nor once they are erased', async () => {
    caller = await api.caller({}, { revealSeconds: 0 });
    await send(1);
    expect((await list()).results.data).toMatchObject([{ otp: '*****', message: '*****' }]);

    caller = await api.caller();
    await send(1);
    const [row] = await api.store.otps.page(caller.account.id, {}, 1, 0);
    const about = {
      accountId: caller.account.id,
      deliveryId: row?.delivery.id ?? '',
      node: 'node',
      at: api.clock.now(),
    };
    await api.store.settle(
      [{ ...about, attempt: null, next: { kind: 'final', state: 'sent', reason: null } }],
      [],
      null,
      0,
    );
    await api.store.otps.eraseContent(api.clock.now() + 10 * 86_400_000, 10);
    expect((await list()).results.data).toMatchObject([{ otp: '*****', message: '*****' }]);
  });

  it('never shows again what a shorter window hid, once its code is dead', async () => {
    caller = await api.caller();
    await send(1);
    const { id } = caller.account;
    const showFor = async (revealSeconds: number) => {
      await api.store.accounts.patch(id, { settings: { ...defaultSettings, revealSeconds } });
      await api.directory.refresh();
      api.clock.advance(1000);
    };
    await showFor(0);
    expect((await list()).results.data).toMatchObject([{ otp: '*****' }]);
    api.clock.advance(300_000);
    await showFor(86_400);
    expect((await list()).results.data).toMatchObject([{ otp: '*****', message: '*****' }]);
  });

  it('does not open with the cells of another row', async () => {
    const cells: Pick<AcceptRequest, 'contentSealed' | 'numberSealed'>[] = [];
    await send(1);
    api.sendWith(
      committing((request) => {
        cells.push(request);
        const { contentSealed, numberSealed } = cells[0] ?? request;
        return { ...request, contentSealed, numberSealed };
      }),
    );
    await send(2);
    const hidden = { otp: '*****', message: '*****', phone_number: '*****' };
    expect((await list()).results.data).toMatchObject([hidden, { otp: '1000' }, { otp: '1000' }]);
  });
});

describe('pages', () => {
  it('count back from the newest, by limit and offset', async () => {
    await send(5);
    const first = await list('?limit=2');
    expect([first.count, first.total_pages, idsOf(first)]).toEqual([5, 3, [5, 4]]);
    expect(first.previous).toBeNull();
    expect(first.next).toBe(`${PUBLIC_URL}${LIST}?limit=2&offset=2`);
    const second = await list(first.next.slice((PUBLIC_URL + LIST).length));
    expect([idsOf(second), second.previous]).toEqual([[3, 2], `${PUBLIC_URL}${LIST}?limit=2&offset=0`]);
    const last = await list('?limit=2&offset=4');
    expect([idsOf(last), last.next, last.previous]).toEqual([[1], null, `${PUBLIC_URL}${LIST}?limit=2&offset=2`]);
    expect((await list('?limit=2&offset=1')).previous).toBe(`${PUBLIC_URL}${LIST}?limit=2&offset=0`);
  });

  it('count by page and page_size too, and go on so', async () => {
    await send(5);
    const first = await list('?page_size=2&x=%26%3D%C3%A9&number=9861489014');
    expect(idsOf(first)).toEqual([5, 4]);
    expect(first.next).toBe(`${PUBLIC_URL}${LIST}?page_size=2&x=%26%3D%C3%A9&number=9861489014&page=2`);
    const last = await list('?page=3&limit=2');
    expect([idsOf(last), last.next, last.previous]).toEqual([[1], null, `${PUBLIC_URL}${LIST}?limit=2&page=2`]);
    expect(idsOf(await list('?page=2'))).toEqual([]);
  });

  it('have twenty rows by default', async () => {
    await send(21);
    const first = await list('?page=&limit=');
    expect([idsOf(first).length, first.total_pages]).toEqual([20, 2]);
    expect((await list('?limit=100')).results.data).toHaveLength(21);
  });

  it('are one, and empty, where nothing was sent', async () => {
    expect(await list()).toEqual({
      ...{ count: 0, total_pages: 1, next: null, previous: null },
      results: { status: 200, success: true, errors: [], data: [] },
    });
  });

  it('point to the public URL, whatever the request calls the host', async () => {
    await send(2);
    const headers = {
      ...{ authorization: `Bearer ${caller.account.keys.test}`, host: 'evil.example' },
      ...{ 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' },
    };
    const answer = await api.app.inject({ url: `${LIST}?limit=1`, headers });
    expect(answer.json().next).toBe(`${PUBLIC_URL}${LIST}?limit=1&offset=1`);
  });

  it('show an account its own rows, of both modes and of this dialect', async () => {
    await send(1);
    const live = { authorization: `Bearer ${caller.account.keys.live}` };
    await api.app.inject({ method: 'POST', url: SEND, payload: { ...own, otp: '2222' }, headers: live });
    api.sendWith(committing((request) => ({ ...request, dialect: 'native' })));
    await send(1);
    expect((await list()).results.data).toMatchObject([{ otp: '2222' }, { otp: '1000' }]);
    caller = await api.caller();
    expect((await list()).count).toBe(0);
  });
});

describe('filters', () => {
  it('take a number in any spelling', async () => {
    await send(1);
    await send(1, { number: '9851023212' });
    for (const spelling of ['9851023212', '+977-9851023212', '%2B9779851023212', '00977 9851023212']) {
      expect(idsOf(await list(`?number=${spelling}`))).toEqual([2]);
    }
    expect((await list('?number=9800000000')).count).toBe(0);
  });

  it('take the kinds of code and channel', async () => {
    await send(1, { company_name: '"otp_options":"generated"' });
    await send(1, { otp_options: 'generated' });
    expect(idsOf(await list('?otp_options=personnel'))).toEqual([1]);
    expect(idsOf(await list('?otp_options=generated'))).toEqual([2]);
    expect((await list('?sms_send_options=text')).count).toBe(2);
    expect((await list('?sms_send_options=voice')).count).toBe(0);
  });

  it('take times, both ends with them, as the list shows them', async () => {
    await send(3);
    const [, middle] = (await list()).results.data;
    const at = encodeURIComponent(middle.created_at);
    expect(idsOf(await list(`?created_after=${at}`))).toEqual([3, 2]);
    expect(idsOf(await list(`?created_before=${at}`))).toEqual([2, 1]);
    // With the "+" left as it is.
    expect(idsOf(await list(`?created_after=${middle.created_at}&created_before=${at}`))).toEqual([2]);
    const day = middle.created_at.slice(0, 10);
    expect((await list(`?created_after=${day}&created_before=${day}`)).count).toBe(3);
    expect((await list('?created_before=2025-12-31')).count).toBe(0);
  });
});

describe('what is asked wrongly', () => {
  it.each([
    ...['page=0', 'page=-1', 'page=1e18', 'page=1000000000000000000', 'page=1.5', 'page=x', 'page=1&page=2', 'page=١'],
    ...['limit=0', 'limit=-1', 'limit=1000000000', 'limit=101', 'limit=1;drop', 'page_size=0', 'page_size=101'],
    ...[
      'offset=-1',
      'offset=1e3',
      'offset=99999999999',
      'offset=%00',
      'number=abc',
      'number=112x',
      'number=9&number=8',
    ],
    ...['sms_send_options=sms', 'otp_options=own', 'otp_options=__proto__', 'created_after=yesterday'],
    ...['created_before=2025-02-30', 'created_after=1', 'created_after[]=1&created_after=x'],
  ])('is refused: %s', async (query) => {
    const answer = await caller.get(`${LIST}?${query}`);
    expect(answer.statusCode).toBe(400);
    const [{ field }] = answer.json().errors;
    expect(query).toContain(field);
    expect(answer.json().errors).toHaveLength(1);
  });

  it('is named, all of it', async () => {
    const answer = await caller.get(`${LIST}?page=0&offset=-1&number=x&otp_options=y&__proto__=1&constructor=2`);
    const fields = answer.json().errors.map(({ field }: { field: string }) => field);
    expect(fields).toEqual(['page', 'offset', 'number', 'otp_options']);
    expect((await caller.get(`${LIST}?page=1&offset=0`)).json().errors).toMatchObject([{ field: 'page' }]);
    expect((await caller.get(`${LIST}?limit=1&page_size=2`)).json().errors).toMatchObject([{ field: 'page_size' }]);
  });

  it('may be what nobody knows', async () => {
    expect((await list('?__proto__=1&constructor=2&x=3&x=4')).count).toBe(0);
  });
});
