import { describe, expect, it } from 'vitest';
import { COMMAND, RESPONSE } from '../../server/src/sms/smpp/pdu/command.ts';
import { need } from '../peers/need.ts';
import { startNetSmppSmsc } from '../peers/net-smpp-smsc.ts';
import { captureSmpp } from '../peers/wire-capture.ts';
import { liveCarrier } from './live-carrier.ts';

const GSM7 = '@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&()*+,-./0123456789:;<=>?¡ABCÄÖÑÜ§¿abcäöñüà^{}\\[~]|€';
const TEXTS = [
  'Your code is 123456',
  GSM7,
  'तपाईंको कोड १२३४५६ हो',
  '\u{1f511} 123456',
  'x'.repeat(400),
  'कोड '.repeat(60),
];
const FROM = ['ACME', '+9779800000000', '32665', null, 'Eleven char'];

/** Sizes of fields with their NUL (SMPP 3.4 §4.4.1). */
const ADDRESS = 21;

describe.runIf(need('net-smpp', 'tshark'))('what goes over the wire, as tshark reads it', () => {
  it.each([
    { long: 'udh', validity: 'relative' },
    { long: 'sar', validity: 'absolute' },
    { long: 'payload', validity: 'none' },
    { alphabet: 'ascii', data_coding: 1 },
    { alphabet: 'latin1', data_coding: 3 },
    { mode: 'transmitter_receiver', system_type: 'OTP', service_type: 'CMT' },
  ])('with %j there is nothing malformed', async (settings) => {
    const smsc = await startNetSmppSmsc({ receipts: 'delivered' });
    const wire = await captureSmpp(smsc.port);
    try {
      const { carrier, send, receipts, until } = await liveCarrier(smsc.port, settings);
      const sent = await Promise.all(TEXTS.flatMap((text) => FROM.map((from) => send(text, { from }))));
      const ids = sent.flat().map((result) => (result.outcome === 'accepted' ? result.messageId : null));
      expect(ids).not.toContain(null);
      const submits = new Set(ids).size;
      await until(() => receipts.length === submits);
      await carrier.close(5_000);
      await wire.until(COMMAND.unbind + RESPONSE);
      await smsc.stop();

      expect(await wire.fields('_ws.malformed || _ws.expert.severity == error', 'frame.number')).toEqual([]);
      const commands = (await wire.fields('smpp', 'smpp.command_id')).flatMap((line) => line.split(',')).map(Number);
      const count = (command: number) => commands.filter((id) => id === command).length;
      expect(count(COMMAND.submit_sm)).toBe(submits);
      expect(count(COMMAND.deliver_sm + RESPONSE)).toBe(submits);
      expect(smsc.messages()).toHaveLength(submits);
      for (const message of smsc.messages()) {
        // tshark does not look at these.
        const octets = Buffer.from(message.short_message || (message.tlvs['0424'] ?? ''), 'hex');
        if (message.data_coding === 8) expect(octets.length % 2).toBe(0);
        expect(message.source_addr.length).toBeLessThan(ADDRESS);
        expect(message.destination_addr.length).toBeLessThan(ADDRESS);
        expect([0, 16]).toContain(message.validity_period.length);
        expect(octets.length).toBeGreaterThan(0);
      }
    } finally {
      wire.close();
      await smsc.stop();
    }
  });

  it('the text is the text', async () => {
    const smsc = await startNetSmppSmsc();
    const wire = await captureSmpp(smsc.port);
    try {
      const { carrier, send } = await liveCarrier(smsc.port);
      await send('कोड १२३४५६');
      await carrier.close(5_000);
      await wire.until(COMMAND.unbind + RESPONSE);
      expect(await wire.fields('smpp.command_id == 4', 'smpp.message_text', 'smpp.destination_addr')).toEqual([
        'कोड १२३४५६\t9779851023212',
      ]);
    } finally {
      wire.close();
      await smsc.stop();
    }
  });
});
