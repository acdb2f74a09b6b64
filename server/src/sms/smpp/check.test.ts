import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { ManualClock } from '../../values/manual-clock.ts';
import { encodeSms } from '../encode.ts';
import { decodeGsm7 } from '../gsm7.ts';
import { type CheckReport, checkCarrier, TEST_TEXT } from './check.ts';
import { smppConfig } from './config-example.ts';
import { COMMAND } from './pdu/command.ts';
import { cstring, type Pdu, SmscSide } from './scripted-smsc.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

type Serve = (request: Pdu, side: SmscSide) => void;

async function serveOn(socket: Duplex, serve: Serve): Promise<void> {
  const side = new SmscSide(socket, socket);
  socket.on('error', () => {});
  for (;;) serve(await side.next(), side);
}

const smsc = (serve: Serve) => listen(createServer((socket: Socket) => void serveOn(socket, serve)));

/** Says yes to everything. */
const yes: Serve = (request, side) => {
  side.answer(request, 0, request.command === COMMAND.submit_sm ? cstring('77') : Buffer.alloc(0));
};

const local = (port: number) => ({ host: '127.0.0.1', port });
const outcomes = ({ steps }: CheckReport) => steps.map(({ step, ok }) => `${step} ${ok ? 'ok' : 'failed'}`);

test('an SMSC that is as it should be', async () => {
  const port = await smsc(yes);
  const report = await checkCarrier(smppConfig(local(port)));
  expect(outcomes(report)).toEqual(['resolve ok', 'connect ok', 'bind ok', 'enquire_link ok', 'unbind ok']);
  expect(report.ok).toBe(true);
  expect(report.steps.every(({ cure }) => cure === null)).toBe(true);
});

test('a pair is checked on both its sides', async () => {
  const port = await smsc(yes);
  const { steps } = await checkCarrier(smppConfig({ ...local(port), mode: 'transmitter_receiver' }));
  expect(steps.filter(({ step }) => step === 'bind').map(({ role }) => role)).toEqual(['transmitter', 'receiver']);
});

test('one message is sent where a number is given, and shows the alphabet', async () => {
  const texts: string[] = [];
  const port = await smsc((request, side) => {
    // The text is the last field, behind its length.
    const length = encodeSms(TEST_TEXT, 0).parts[0]?.payload.length ?? 0;
    if (request.command === COMMAND.submit_sm) texts.push(decodeGsm7(request.body.subarray(-length)));
    yes(request, side);
  });
  const report = await checkCarrier(smppConfig(local(port)), { to: '+9779851023212' });
  expect(report.steps.find(({ step }) => step === 'submit')).toMatchObject({
    ok: true,
    found: 'ESME_ROK (0x00), message id 77',
  });
  expect(texts).toEqual([TEST_TEXT]);
});

test('without a number no message is sent', async () => {
  const commands: number[] = [];
  const port = await smsc((request, side) => {
    commands.push(request.command);
    yes(request, side);
  });
  await checkCarrier(smppConfig(local(port)));
  expect(commands).toEqual([COMMAND.bind_transceiver, COMMAND.enquire_link, COMMAND.unbind]);
});

test('wrong credentials are told with a cure, and without the password', async () => {
  const port = await smsc((request, side) => side.answer(request, 0x0e));
  const report = await checkCarrier(smppConfig(local(port)));
  expect(report).toMatchObject({ ok: false });
  expect(report.steps.at(-1)).toEqual({
    step: 'bind',
    role: 'transceiver',
    ok: false,
    found: 'ESME_RINVPASWD (0x0E)',
    expected: 'ESME_ROK (0x00)',
    cure: 'Set password to the one that the carrier gave out for SMPP; it is often not that of its web site.',
  });
  expect(JSON.stringify(report)).not.toContain('hush');
});

test('a number without a route, and one that is none', async () => {
  const port = await smsc((request, side) => side.answer(request, request.command === COMMAND.submit_sm ? 0x0b : 0));
  const refused = await checkCarrier(smppConfig(local(port)), { to: '+9779851023212' });
  expect(refused.steps.at(-1)).toMatchObject({ step: 'submit', ok: false, found: 'ESME_RINVDSTADR (0x0B)' });
  const none = await checkCarrier(smppConfig(local(port)), { to: '0985' });
  expect(none.steps.at(-1)).toMatchObject({ step: 'submit', ok: false, found: 'not a number' });
});

test('nobody there', async () => {
  const port = await listen(createServer());
  await new Promise((resolve) => servers.pop()?.close(resolve));
  const report = await checkCarrier(smppConfig(local(port)));
  expect(report.steps.at(-1)).toMatchObject({ step: 'connect', ok: false, found: 'ECONNREFUSED' });
  expect(report.steps.at(-1)?.cure).toMatch(/port/);
});

test('a name that does not resolve', async () => {
  const report = await checkCarrier(smppConfig({ host: 'smsc.invalid' }));
  expect(outcomes(report)).toEqual(['resolve failed']);
});

test('an SMSC that says nothing', async () => {
  const clock = new ManualClock();
  const port = await smsc(() => clock.advance(10_000));
  const report = await checkCarrier(smppConfig(local(port)), { clock });
  expect(report.steps.at(-1)).toMatchObject({ step: 'bind', ok: false, found: 'no answer' });
});

test('an SMSC that hangs up after the bind', async () => {
  const port = await smsc((request, side) => {
    if (request.command === COMMAND.enquire_link) side.hangUp();
    else side.answer(request);
  });
  const report = await checkCarrier(smppConfig(local(port)));
  expect(report.steps.at(-1)).toMatchObject({ step: 'enquire_link', ok: false });
});

test('TLS is verified, and says what is wrong with a certificate', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'passbell-check-'));
  const subject = ['-subj', '/CN=smsc.example', '-addext', 'subjectAltName=DNS:smsc.example'];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'key.pem'];
  execFileSync('openssl', ['req', '-x509', ...key, '-out', 'cert.pem', ...subject], { cwd: folder, stdio: 'ignore' });
  const [ca, secret] = ['cert.pem', 'key.pem'].map((name) => readFileSync(join(folder, name), 'utf8'));
  rmSync(folder, { recursive: true });
  const server = createTlsServer({ key: secret, cert: ca }, (socket) => void serveOn(socket, yes));
  server.on('tlsClientError', () => {});
  const target = local(await listen(server));
  const check = (tls: { ca: string | null; servername: string | null }) =>
    checkCarrier(smppConfig({ ...target, tls: { insecure: false, ...tls } }));

  const good = await check({ ca: ca ?? null, servername: 'smsc.example' });
  expect(good.ok).toBe(true);
  expect(good.steps[2]).toMatchObject({ step: 'tls', found: 'TLSv1.3, certificate verified' });
  expect((await check({ ca: null, servername: 'smsc.example' })).steps.at(-1)).toMatchObject({
    step: 'tls',
    found: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    cure: 'No known authority signed the certificate: put the PEM of the one that did into tls.ca.',
  });
  expect((await check({ ca: ca ?? null, servername: 'other.example' })).steps.at(-1)).toMatchObject({
    step: 'tls',
    found: 'ERR_TLS_CERT_ALTNAME_INVALID',
  });

  const clock = new ManualClock();
  const mute = await listen(createServer((socket) => socket.once('data', () => clock.advance(20_000))));
  const tls = { ca: null, servername: null, insecure: false };
  const report = await checkCarrier(smppConfig({ ...local(mute), tls }), { clock });
  expect(report.steps.at(-1)).toMatchObject({ step: 'tls', ok: false });
  expect(report.steps.at(-1)?.cure).toMatch(/does not speak TLS/);
});

test('the test text is one part of GSM-7', () => {
  expect(TEST_TEXT).toContain('@_$é€');
  expect(TEST_TEXT.length).toBeLessThan(140);
});
