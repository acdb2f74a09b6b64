import type { ServiceApi } from './service-api.ts';

/** A message of the sandbox phone, as the API shows it. */
export interface ShownMessage {
  readonly id: string;
  readonly to: string;
  readonly from: string | null;
  readonly text: string;
  readonly segments: number;
  readonly encoding: string;
  readonly received_at: string;
}

/** Before every id there is: a cursor for a phone that has no messages yet. */
const BEFORE_ALL = 'msg_00000000-0000-0000-0000-000000000000';

/** The inbox of the sandbox phone behind a test key. */
export interface HandsetApi {
  /** Newest first; `to` as the account writes numbers, null for all. */
  messages(to: string | null, limit: number): Promise<readonly ShownMessage[]>;
  /** Where the inbox ends now: what comes later is after it. */
  end(to: string | null): Promise<string>;
  /** The first message after `after`; null when none came within `seconds` (0 … 60). */
  next(to: string | null, after: string, seconds: number): Promise<ShownMessage | null>;
}

export function handsetApi(api: ServiceApi): HandsetApi {
  async function messages(to: string | null, limit: number): Promise<readonly ShownMessage[]> {
    const page = (await api.get('/v1/handset/messages', { to, limit })) as { readonly data: readonly ShownMessage[] };
    return page.data;
  }

  return {
    messages,
    end: async (to) => (await messages(to, 1))[0]?.id ?? BEFORE_ALL,
    async next(to, after, seconds) {
      const message = await api.get('/v1/handset/messages/next', { to, after, wait: seconds });
      return (message as ShownMessage | undefined) ?? null;
    },
  };
}
