/** The account that a bench sends with, and what it takes to act for it and for the operator. */
export interface Tenant {
  readonly adminToken: string;
  readonly accountId: string;
  readonly liveKey: string;
  /** What the CM dialect knows the account by. */
  readonly productToken: string;
}

export interface Admin {
  /** Makes an account that nothing but its carrier limits: any country, any number, as often as it likes. */
  createTenant(): Promise<Tenant>;
  /** Where the account's callbacks go; null: nowhere, but for calls that name a place themselves. */
  sendCallbacks(accountId: string, url: string | null): Promise<void>;
  putCarrier(name: string, carrier: Readonly<Record<string, unknown>>): Promise<void>;
  putTrunk(name: string, trunk: Readonly<Record<string, unknown>>): Promise<void>;
}

/** More credits than any run spends. */
const ENOUGH = 1_000_000_000;

/** Passbell's admin API, as far as a bench needs it. */
export function admin(port: number, adminToken: string): Admin {
  async function call<T>(method: string, path: string, body: unknown): Promise<T> {
    const answer = await fetch(`http://127.0.0.1:${port}/admin/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status}: ${text}`);
    return JSON.parse(text || 'null');
  }

  return {
    async createTenant() {
      const account = await call<{ id: string; keys: { live: string }; product_tokens: { live: string } }>(
        'POST',
        '/accounts',
        {
          name: 'Bench',
          login: 'bench@example.com',
          country: 'NP',
          timezone: 'Asia/Kathmandu',
          sms_credits: ENOUGH,
          voice_credits: ENOUGH,
        },
      );
      await call('PATCH', `/accounts/${account.id}`, { settings: { number_limits: [], countries: ['*'] } });
      return {
        adminToken,
        accountId: account.id,
        liveKey: account.keys.live,
        productToken: account.product_tokens.live,
      };
    },
    async sendCallbacks(accountId, url) {
      await call('PATCH', `/accounts/${accountId}`, { settings: { callback_url: url } });
    },
    async putCarrier(name, carrier) {
      await call('PUT', `/carriers/${name}`, carrier);
    },
    async putTrunk(name, trunk) {
      await call('PUT', `/trunks/${name}`, trunk);
    },
  };
}
