import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { startCountingSmsc } from './peers/counting-smsc.ts';
import { need } from './peers/need.ts';
import { type SmscMessage, startNetSmppSmsc } from './peers/net-smpp-smsc.ts';
import { startPostgres } from './peers/postgres.ts';
import { captureSmpp } from './peers/wire-capture.ts';
import { addCarrier, balance, listAll, numberFor, openAccount, sendText, type TestAccount } from './service/api.ts';
import { eventually } from './service/eventually.ts';
import { checkLedger } from './service/ledger.ts';
import { startService, temporaryFolder } from './service/service.ts';

const SENDS = 10_000;
const CLIENTS = 64;
const UNBIND = 0x6;

/** A text in GSM-7, one with characters of its extension, and one in Devanagari that takes two parts. */
const TEMPLATES = [
  'Your code is {otp}. Do not tell it to anyone.',
  'Code {otp} [valid 5 min] costs 0€ ~ {not a placeholder} ^|\\',
  'तपाईंको प्रमाणीकरण कोड {otp} हो। यो कोड पाँच मिनेटसम्म मात्र मान्य हुन्छ। कृपया यो कोड कसैलाई पनि नभन्नुहोस्।',
];

/** GSM 03.38 as the npm package `smpp` encodes it: not our table. */
const gsm = (createRequire(import.meta.url)('smpp') as { encodings: { ASCII: { encode(text: string): Buffer } } })
  .encodings.ASCII;

function octetsOf(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what is beyond ASCII here is €, of the extension, or Devanagari
  if (/^[\u0000-\u007f€]*$/.test(text)) return gsm.encode(text).toString('hex');
  return Buffer.from(text, 'utf16le').swap16().toString('hex');
}

/** What a phone would put together: the parts in order, their headers taken off. */
function assembled(parts: readonly SmscMessage[]): string {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only.short_message;
  return parts
    .map(({ short_message }) => ({
      index: Number.parseInt(short_message.slice(10, 12), 16),
      rest: short_message.slice(12),
    }))
    .sort((a, b) => a.index - b.index)
    .map(({ rest }) => rest)
    .join('');
}

/** Sends them all from a number of clients at once; resolves to the delivered text of each number. */
async function sendAll(url: string, account: TestAccount): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  let next = 0;
  async function client(): Promise<void> {
    for (let i = next++; i < SENDS; i = next++) {
      const template = TEMPLATES[i % TEMPLATES.length] ?? '';
      const answer = await sendText(url, account.live, numberFor(i), template);
      expect(answer.status, JSON.stringify(answer.body)).toBe(200);
      texts.set(numberFor(i), answer.body.data.details?.message ?? '');
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return texts;
}

/** Every send listed as delivered, every hold captured, every row of the ledger in its place. */
async function settled(url: string, account: TestAccount): Promise<void> {
  await eventually(
    () => balance(url, account.live),
    (pool) => pool.held === 0,
    60_000,
  );
  const rows = await listAll(url, account.live);
  expect(rows).toHaveLength(SENDS);
  expect(rows.filter((row) => row.status !== 'delivered')).toEqual([]);
  await checkLedger(url, account.live);
}

describe(`${SENDS} sends with receipts`, () => {
  it.runIf(need('net-smpp') && need('tshark'))(
    'each arrives once at Net::SMPP with the right octets, and tshark finds nothing malformed',
    { timeout: 240_000 },
    async () => {
      const smsc = await startNetSmppSmsc({ receipts: 'delivered' });
      const wire = await captureSmpp(smsc.port);
      const service = await startService();
      const { admin_token = '' } = service.ready;
      const account = await openAccount(service.url, admin_token, { credits: SENDS * 2 });
      await addCarrier(service.url, admin_token, 'perl', { port: smsc.port, binds: 2, window: 100 });

      const texts = await sendAll(service.url, account);
      await settled(service.url, account);
      expect(await service.stop()).toBe(0);
      await wire.until(UNBIND);

      const byNumber = Map.groupBy(smsc.messages(), (message) => message.destination_addr);
      expect(byNumber.size).toBe(SENDS);
      for (const [number, text] of texts) {
        const parts = byNumber.get(`977${number}`) ?? [];
        expect(new Set(parts.map((part) => part.short_message)).size, `${number} has a part twice`).toBe(parts.length);
        expect(assembled(parts), number).toBe(octetsOf(text));
      }
      expect(await wire.fields('_ws.malformed', 'frame.number')).toEqual([]);
      const end = await smsc.stop();
      expect(end.receipt_answers).toBe(end.receipts);
      wire.close();
    },
  );

  it('each arrives once at npm smpp, from PostgreSQL', { timeout: 240_000 }, async () => {
    const postgres = await startPostgres();
    const smsc = await startCountingSmsc();
    const service = await startService({ data: temporaryFolder(), databaseUrl: postgres.url });
    const { admin_token = '' } = service.ready;
    const account = await openAccount(service.url, admin_token, { credits: SENDS * 2 });
    await addCarrier(service.url, admin_token, 'npm', { port: smsc.port, binds: 1, window: 100 });

    await sendAll(service.url, account);
    await settled(service.url, account);

    const arrivals = smsc.byNumber();
    expect(arrivals.size).toBe(SENDS);
    for (let i = 0; i < SENDS; i++) {
      const parts = i % TEMPLATES.length === 2 ? 2 : 1;
      expect(arrivals.get(`977${numberFor(i)}`), numberFor(i)).toHaveLength(parts);
    }
    expect(await service.stop()).toBe(0);
    await smsc.close();
    await postgres.stop();
  });
});
