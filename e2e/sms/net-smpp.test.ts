import { afterEach, describe, expect, it } from 'vitest';
import { decodeGsm7 } from '../../server/src/sms/gsm7.ts';
import { need } from '../peers/need.ts';
import { type SmscOptions, startNetSmppSmsc } from '../peers/net-smpp-smsc.ts';
import { liveCarrier } from './live-carrier.ts';

const running: { stop(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop();
});

async function start(options: SmscOptions = {}, settings: object = {}) {
  const smsc = await startNetSmppSmsc(options);
  running.push(smsc);
  const live = await liveCarrier(smsc.port, settings);
  running.push({ stop: () => live.carrier.close(1_000) });
  return { ...live, smsc };
}

const bytes = (hex: string) => Buffer.from(hex, 'hex');
const ucs2 = (hex: string) => bytes(hex).swap16().toString('utf16le');
const LONG = `Votre code Passbell est 123456. ${'Ne le donnez à personne. '.repeat(12)}`;
const LONG_NEPALI = 'तपाईंको कोड १२३४५६ हो। '.repeat(8);

describe.runIf(need('net-smpp'))('against Net::SMPP', () => {
  it('every field of a message arrives as it was meant', async () => {
    const { smsc, send } = await start();
    expect(await send('Your code is 123456: @_$é€[]')).toEqual([{ outcome: 'accepted', messageId: '1' }]);
    const [message] = await smsc.received(1);
    if (message === undefined) throw new Error('one was received');
    expect(message).toMatchObject({
      system_id: 'acme',
      service_type: '',
      source_addr_ton: 5,
      source_addr_npi: 0,
      source_addr: 'ACME',
      dest_addr_ton: 1,
      dest_addr_npi: 1,
      destination_addr: '9779851023212',
      esm_class: 0,
      protocol_id: 0,
      priority_flag: 0,
      schedule_delivery_time: '',
      registered_delivery: 1,
      replace_if_present_flag: 0,
      data_coding: 0,
      sm_default_msg_id: 0,
      tlvs: {},
    });
    expect(message.validity_period).toMatch(/^00000000(0459|0500)000R$/);
    expect(decodeGsm7(bytes(message.short_message))).toBe('Your code is 123456: @_$é€[]');
  });

  it('every setting of a carrier arrives', async () => {
    const { smsc, send } = await start(
      { password: 'hush' },
      {
        system_type: 'OTP',
        service_type: 'CMT',
        source_ton: 0,
        source_npi: 1,
        dest_ton: 2,
        dest_npi: 8,
        priority_flag: 2,
        replace_if_present: true,
        receipts: false,
        data_coding: 1,
        validity: 'absolute',
      },
    );
    await send('Hi', { from: '+9779800000000' });
    const [message] = await smsc.received(1);
    if (message === undefined) throw new Error('one was received');
    expect(message).toMatchObject({
      service_type: 'CMT',
      source_addr_ton: 0,
      source_addr_npi: 1,
      source_addr: '9779800000000',
      dest_addr_ton: 2,
      dest_addr_npi: 8,
      priority_flag: 2,
      registered_delivery: 0,
      replace_if_present_flag: 1,
      data_coding: 1,
    });
    expect(message.validity_period).toMatch(/^[0-9]{12}000\+$/);
    expect(smsc.lines[1]).toMatchObject({
      event: 'bind',
      mode: 'transceiver',
      system_type: 'OTP',
      interface_version: 0x34,
    });
  });

  it.each([
    ['gsm7', LONG],
    ['ucs2', LONG_NEPALI],
  ])('long messages of %s, by header', async (encoding, text) => {
    const { smsc, send } = await start();
    const results = await send(text);
    const messages = await smsc.received(results.length);
    expect(messages).toHaveLength(results.length);
    let whole = '';
    messages.forEach((message, i) => {
      const octets = bytes(message.short_message);
      expect(message.esm_class).toBe(0x40);
      expect(octets.toString('hex', 0, 3)).toBe('050003');
      expect([octets[3], octets[4], octets[5]]).toEqual([
        bytes(messages[0]?.short_message ?? '')[3],
        results.length,
        i + 1,
      ]);
      if (encoding === 'ucs2') expect(octets.length % 2).toBe(0);
      expect(octets.length).toBeLessThanOrEqual(encoding === 'ucs2' ? 140 : 159);
      const rest = octets.subarray(6);
      whole += encoding === 'ucs2' ? ucs2(rest.toString('hex')) : decodeGsm7(rest);
    });
    expect(whole).toBe(text);
  });

  it('long messages by sar TLVs', async () => {
    const { smsc, send } = await start({}, { long: 'sar' });
    await send(LONG);
    const messages = await smsc.received(3);
    expect(messages.map(({ tlvs }) => [tlvs['020e'], tlvs['020f']])).toEqual([
      ['03', '01'],
      ['03', '02'],
      ['03', '03'],
    ]);
    expect(new Set(messages.map(({ tlvs }) => tlvs['020c'])).size).toBe(1);
    expect(messages.every(({ esm_class }) => esm_class === 0)).toBe(true);
    expect(messages.map(({ short_message }) => decodeGsm7(bytes(short_message))).join('')).toBe(LONG);
  });

  it('long messages in message_payload', async () => {
    const { smsc, send } = await start({}, { long: 'payload' });
    expect(await send(LONG_NEPALI)).toEqual(new Array(3).fill({ outcome: 'accepted', messageId: '1' }));
    const [message] = await smsc.received(1);
    if (message === undefined) throw new Error('one was received');
    expect(message).toMatchObject({ short_message: '', esm_class: 0, data_coding: 8 });
    expect(ucs2(message.tlvs['0424'] ?? '')).toBe(LONG_NEPALI);
  });

  it('an SMSC of ASCII gets ASCII, and UCS-2 for the rest', async () => {
    const { smsc, send } = await start({}, { alphabet: 'ascii' });
    await send('@acme.com #123456');
    await send('clé 123456');
    const [ascii, wide] = await smsc.received(2);
    expect(ascii).toMatchObject({ data_coding: 0, short_message: Buffer.from('@acme.com #123456').toString('hex') });
    expect(wide?.data_coding).toBe(8);
    expect(ucs2(wide?.short_message ?? '')).toBe('clé 123456');
  });

  it('nothing that a user typed leaves its field', async () => {
    const { smsc, send } = await start();
    await send('a', { from: 'AB\0\x01\x01\x31\0CDEFGHIJKLM' });
    await send('b', { from: '9'.repeat(60) });
    await send('c', { from: 'कोड' });
    expect(await send('d', { to: '+977985\x001' })).toEqual([{ outcome: 'refused', code: 0x0b, retry: 'never' }]);
    expect(
      (await smsc.received(3)).map(({ source_addr, short_message }) => [source_addr, bytes(short_message).toString()]),
    ).toEqual([
      ['AB1CDEFGHIJ', 'a'],
      ['9'.repeat(20), 'b'],
      ['', 'c'],
    ]);
  });

  it.each([
    ['delivered', 'delivered', '000'],
    ['undelivered', 'undelivered', '001'],
    ['tlv', 'delivered', null],
    ['early', 'delivered', '000'],
  ] as const)('receipts: %s', async (mode, state, code) => {
    const { receipts, send, until, smsc } = await start({ receipts: mode });
    const [result] = await send('Your code is 123456');
    await until(() => receipts.length > 0);
    expect(receipts).toMatchObject([
      { messageId: result?.outcome === 'accepted' ? result.messageId : '', state, code },
    ]);
    await smsc.until((lines) => lines.some((line) => line.event === 'receipt_answer' && line.status === 0));
  });

  it('receipts whose ids are in another base than the answers', async () => {
    const { receipts, send, until } = await start(
      { receipts: 'delivered', receiptIds: 'decimal' },
      { receipt_id_base: 'hex-to-dec' },
    );
    for (let i = 0; i < 20; i++) await send('Your code is 123456');
    await until(() => receipts.length === 20);
    expect(receipts.map(({ messageId }) => messageId)).toEqual(
      Array.from({ length: 20 }, (_, i) => (i + 1).toString(16).toUpperCase()),
    );
  });

  it('a pair of transmitter and receiver', async () => {
    const { receipts, send, until, smsc } = await start({ receipts: 'delivered' }, { mode: 'transmitter_receiver' });
    await send('Your code is 123456');
    await until(() => receipts.length === 1);
    const modes = smsc.lines.filter((line) => line.event === 'bind').map(({ mode }) => mode);
    expect(modes).toEqual(['transmitter', 'receiver']);
  });

  it('a wrong password is not tried again and again', async () => {
    const smsc = await startNetSmppSmsc({ password: 'other' });
    running.push(smsc);
    const { checkCarrier } = await import('../../server/src/sms/smpp/check.ts');
    const { parseSmppConfig } = await import('../../server/src/sms/smpp/config.ts');
    const parsed = parseSmppConfig({ host: '127.0.0.1', port: smsc.port, system_id: 'acme', password: 'hush' });
    if ('faults' in parsed) throw new Error('no faults');
    const report = await checkCarrier(parsed.config);
    expect(report.steps.at(-1)).toMatchObject({ step: 'bind', ok: false, found: 'ESME_RINVPASWD (0x0E)' });
  });

  it('ten thousand messages and their receipts, each once', async () => {
    const { carrier, receipts, send, until, smsc } = await start(
      { receipts: 'delivered', quiet: true },
      { window: 100, binds: 2 },
    );
    const COUNT = 10_000;
    const results: Promise<readonly unknown[]>[] = [];
    const pump = () => {
      while (results.length < COUNT && carrier.status().free > 0) results.push(send(`Code ${results.length}`));
    };
    carrier.onFree(pump);
    pump();
    await until(() => receipts.length === COUNT);
    const ids = (await Promise.all(results)).flat().map((result) => (result as { messageId: string }).messageId);
    expect(new Set(ids).size).toBe(COUNT);
    expect(new Set(receipts.map(({ messageId }) => messageId))).toEqual(new Set(ids));
    await carrier.close(5_000);
    expect(await smsc.stop()).toEqual({ event: 'end', messages: COUNT, receipts: COUNT, receipt_answers: COUNT });
    running.length = 0;
  });

  it('an SMSC that is killed leaves doubts, not hangs, and is found again when it is back', async () => {
    const { carrier, send, until, smsc } = await start({ latencyMs: 60_000 });
    const sent = send('Your code is 123456');
    await smsc.received(1);
    await smsc.kill9();
    expect(await sent).toEqual([{ outcome: 'unknown' }]);
    await until(() => carrier.status().state === 'down');
    expect(await send('x')).toEqual([{ outcome: 'not_sent' }]);
    running.splice(0, 1);
    running.unshift(await startNetSmppSmsc({ port: smsc.port }));
    await until(() => carrier.status().state === 'up');
    expect(await send('again')).toMatchObject([{ outcome: 'accepted' }]);
  });
});
