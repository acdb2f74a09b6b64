/** An HTTP answer, read whole. */
export interface Answer<Body = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** One JSON request. Connection faults reject; every answer of the service resolves. */
export async function call<Body = Record<string, unknown>>(
  method: string,
  url: string,
  { key, body, headers }: { key?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer<Body>> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    redirect: 'manual',
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: parse(text) as Body };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export interface TestAccount {
  readonly id: string;
  readonly test: string;
  readonly live: string;
  readonly productTokens: { readonly test: string; readonly live: string };
}

/** Makes an account through the admin API, without limits unless they are asked for. */
export async function openAccount(
  url: string,
  adminToken: string,
  {
    credits,
    voiceCredits = 0,
    limits = [],
    settings = {},
  }: {
    credits: number;
    voiceCredits?: number;
    limits?: readonly { count: number; period_seconds: number }[];
    settings?: object;
  },
): Promise<TestAccount> {
  const login = `owner-${crypto.randomUUID()}@example.com`;
  const body = {
    name: 'E2E',
    login,
    country: 'NP',
    timezone: 'Asia/Kathmandu',
    sms_credits: credits,
    voice_credits: voiceCredits,
  };
  const made = await call<{
    id: string;
    keys: { test: string; live: string };
    product_tokens: { test: string; live: string };
  }>('POST', `${url}/admin/v1/accounts`, { key: adminToken, body });
  if (made.status !== 201) throw new Error(`no account: ${made.status} ${JSON.stringify(made.body)}`);
  const patched = await call('PATCH', `${url}/admin/v1/accounts/${made.body.id}`, {
    key: adminToken,
    body: { settings: { number_limits: limits, ...settings } },
  });
  if (patched.status !== 200) throw new Error(`no limits: ${patched.status} ${JSON.stringify(patched.body)}`);
  return { id: made.body.id, ...made.body.keys, productTokens: made.body.product_tokens };
}

/** Points the service at an SMSC on loopback. */
export async function addCarrier(
  url: string,
  adminToken: string,
  name: string,
  carrier: { port: number; [field: string]: unknown },
): Promise<void> {
  const body = { kind: 'smpp', host: '127.0.0.1', system_id: 'passbell', password: 'secret', ...carrier };
  const put = await call('PUT', `${url}/admin/v1/carriers/${name}`, { key: adminToken, body });
  if (put.status >= 300) throw new Error(`no carrier: ${put.status} ${JSON.stringify(put.body)}`);
}

/** Points the service at a SIP peer on loopback, and waits until it may call through it. */
export async function addTrunk(
  url: string,
  adminToken: string,
  name: string,
  trunk: { port: number; [field: string]: unknown },
): Promise<void> {
  const body = { kind: 'sip', host: '127.0.0.1', ...trunk };
  const put = await call('PUT', `${url}/admin/v1/trunks/${name}`, { key: adminToken, body });
  if (put.status >= 300) throw new Error(`no trunk: ${put.status} ${JSON.stringify(put.body)}`);
}

/** One text through the TingTing dialect. */
export function sendText(url: string, key: string, number: string, message = 'Your code is {otp}') {
  return call<{
    success: boolean;
    data: { details?: { otp: string; message: string; remaining_sms_credits: number } };
  }>('POST', `${url}/api/v1/auths/send/otp/`, { key, body: { number, message, sms_send_options: 'text' } });
}

/** One row of the list of sends. */
export interface ListedSend {
  readonly id: number;
  readonly phone_number: string;
  readonly message: string;
  readonly otp: string;
  readonly status: string;
  readonly credits_used: number;
}

/** Every send of the account, newest first, page by page. */
export async function listAll(url: string, key: string): Promise<ListedSend[]> {
  const rows: ListedSend[] = [];
  let next: string | null = `${url}/api/v1/auths/list/send-otps/?limit=100`;
  while (next !== null) {
    const page: Answer<{ next: string | null; results: { data: ListedSend[] } }> = await call('GET', next, { key });
    if (page.status !== 200) throw new Error(`no list: ${page.status} ${JSON.stringify(page.body)}`);
    rows.push(...page.body.results.data);
    next = page.body.next;
  }
  return rows;
}

export type Pools = Readonly<
  Record<'sms' | 'voice', { available: number; held: number; captured: number; granted: number }>
>;

export async function balance(url: string, key: string, pool: keyof Pools = 'sms'): Promise<Pools['sms']> {
  return (await call<Pools>('GET', `${url}/v1/balance`, { key })).body[pool];
}

/** A Nepali mobile number, distinct for distinct `i` below a million. It ends in 9: none makes the handset misbehave. */
export function numberFor(i: number): string {
  return `984${String(i).padStart(6, '0')}9`;
}
