import { type Answer, call } from './api.ts';

/** A message on the sandbox phone. */
export interface PhoneMessage {
  readonly id: string;
  readonly to: string;
  readonly from: string | null;
  readonly text: string;
  readonly segments: number;
  readonly encoding: string;
  readonly parts: readonly string[];
}

const START = 'msg_00000000-0000-0000-0000-000000000000';

/** Every message of the account's sandbox phone, oldest first, however many there are. */
export async function inboxOf(url: string, key: string): Promise<PhoneMessage[]> {
  const found: PhoneMessage[] = [];
  for (;;) {
    const after = found.at(-1)?.id ?? START;
    const next: Answer<PhoneMessage> = await call('GET', `${url}/v1/handset/messages/next?wait=0&after=${after}`, {
      key,
    });
    if (next.status === 204) return found;
    if (next.status !== 200) throw new Error(`no inbox: ${next.status} ${JSON.stringify(next.body)}`);
    found.push(next.body);
  }
}
