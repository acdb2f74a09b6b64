import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeSms } from '../../encode.ts';
import { type Alphabet, encodeParts } from './alphabet.ts';

function encoded(text: string, alphabet: Alphabet, dataCoding = 0, roomy = false) {
  const sms = { id: 'd', accountId: 'a', to: '+9779851023212', from: null, text, expiresAt: 0, ...encodeSms(text, 1) };
  const { dataCoding: dc, parts } = encodeParts(sms, alphabet, dataCoding, roomy);
  return { dc, parts: parts.map((octets) => Buffer.from(octets)) };
}

const textOf = ({ parts }: { parts: Buffer[] }) => Buffer.concat(parts).toString('latin1');

test('an SMSC of GSM-7 gets septets', () => {
  const { dc, parts } = encoded('@_$é€', 'gsm7', 1);
  expect(dc).toBe(1);
  expect(parts[0]?.toString('hex')).toBe('00110205' + '1b65');
});

test('an SMSC of ASCII gets ASCII', () => {
  const message = encoded('@acme.com #123456 [x]', 'ascii');
  expect(message.dc).toBe(0);
  expect(textOf(message)).toBe('@acme.com #123456 [x]');
});

test('an SMSC of Latin-1 gets Latin-1', () => {
  const message = encoded('Ihr Code für Müller: £1', 'latin1', 3);
  expect(message.dc).toBe(3);
  expect(textOf(message)).toBe('Ihr Code für Müller: £1');
});

test('a short message that the alphabet cannot say goes in UCS-2', () => {
  const { dc, parts } = encoded('1234 est votre clé', 'ascii');
  expect(dc).toBe(8);
  expect(
    Buffer.from(parts[0] ?? [])
      .swap16()
      .toString('utf16le'),
  ).toBe('1234 est votre clé');
});

test('a longer one is written in the nearest letters', () => {
  const text = `Société Générale : votre code est 123456. Montant: 10 €, Δ. ${'x'.repeat(40)}`;
  const message = encoded(text, 'ascii');
  expect(message.dc).toBe(0);
  expect(textOf(message)).toBe(text.replaceAll('é', 'e').replace('€', 'E').replace('Δ', '?'));
});

test('a long one in message_payload has room for UCS-2', () => {
  const text = `Société ${'x'.repeat(300)}`;
  const { dc, parts } = encoded(text, 'ascii', 0, true);
  expect(dc).toBe(8);
  expect(Buffer.concat(parts).swap16().toString('utf16le')).toBe(text);
});

test('UCS-2 stays UCS-2', () => {
  expect(encoded('कोड', 'ascii')).toMatchObject({ dc: 8, parts: [Buffer.from('0915094b0921', 'hex')] });
});

test('no part outgrows its place, and a code is never lost', () => {
  const gsm = '@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&()*+0123456789ABCÄÖÑÜ§¿abcäöñüà^{}[~]|€';
  const text = fc.string({ unit: fc.constantFrom(...gsm), maxLength: 400 });
  fc.assert(
    fc.property(text, fc.constantFrom('ascii', 'latin1'), (noise, alphabet) => {
      const { dc, parts } = encoded(`${noise} 4071937`, alphabet);
      const multiple = parts.length > 1;
      for (const octets of parts)
        expect(octets.length).toBeLessThanOrEqual(dc === 8 ? (multiple ? 134 : 140) : multiple ? 153 : 160);
      const whole = Buffer.concat(parts);
      const said = dc === 8 ? whole.swap16().toString('utf16le') : whole.toString('latin1');
      expect(said.endsWith(' 4071937')).toBe(true);
    }),
  );
});
