import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { need } from './peers/need.ts';
import { PEERS, whereIs } from './peers/peers.ts';
import { sendText } from './service/api.ts';
import { eventually } from './service/eventually.ts';
import { type Service, startService, temporaryFolder } from './service/service.ts';
import { callBy } from './service/voice.ts';

/** Keeps the browser from talking to anyone but the page's own server. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Sums up in the page what it gives to the loudspeaker: there is nobody to listen. */
const COUNT_WHAT_IS_PLAYED = `
  globalThis.played = { seconds: 0, loudest: 0 };
  const start = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function (...at) {
    played.seconds += this.buffer.duration;
    for (const sample of this.buffer.getChannelData(0)) played.loudest = Math.max(played.loudest, Math.abs(sample));
    start.apply(this, at);
  };
`;

describe.runIf(need('chromium'))('the console in a browser', () => {
  const data = temporaryFolder();
  let service: Service;
  let browser: Browser;
  let key: string;

  beforeAll(async () => {
    service = await startService({ data });
    key = service.ready.account?.keys.test ?? '';
    const executablePath = whereIs(PEERS.chromium) ?? '';
    browser = await chromium.launch({ executablePath, args: QUIET });
  });

  afterAll(async () => {
    await browser?.close();
    await service?.stop();
  });

  async function open(): Promise<{ page: Page; complaints: string[] }> {
    const page = await (await browser.newContext()).newPage();
    const complaints: string[] = [];
    // The browser's own word for a 401 is expected once: before signing in.
    page.on('console', (line) => {
      if (line.type() === 'error' && !line.text().includes('401')) complaints.push(line.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (new URL(request.url()).origin !== service.url) complaints.push(`foreign request to ${request.url()}`);
    });
    await page.goto(`${service.url}/console/`);
    return { page, complaints };
  }

  async function signIn(page: Page, password = first().password): Promise<void> {
    await page.getByLabel('E-mail').fill(first().user);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  }

  let made: { user: string; password: string } | undefined;
  function first(): { user: string; password: string } {
    const { user = '', password = '' } = service.ready.console;
    made ??= { user, password };
    return made;
  }

  it('shows a code as it arrives, and breaks no rule of its own policy', async () => {
    const { page, complaints } = await open();
    await signIn(page);
    await page.getByText('Nothing yet').waitFor();
    await page.getByText('live', { exact: true }).waitFor();

    const sent = await sendText(service.url, key, '9851023212');
    const code = sent.body.data.details?.otp ?? 'none';
    await page.getByRole('button', { name: `Copy the code ${code}` }).waitFor();
    const message = page.getByRole('listitem').filter({ hasText: '+9779851023212' });
    expect(await message.textContent()).toContain(`Your code is ${code}`);

    expect(await page.getByRole('region', { name: 'Service' }).textContent()).toContain('SQLite');
    expect(await page.getByRole('region', { name: 'Carriers' }).textContent()).toMatch(/handset[\s\S]*up/);
    expect(await page.getByRole('region', { name: 'Trunks' }).textContent()).toMatch(/handset[\s\S]*up/);
    await page.getByRole('button', { name: 'Use dark colours' }).click();
    await page.getByRole('button', { name: 'Use light colours' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('rings, is answered and heard, says the code again for the key 1, and plays what was said once it is over', async () => {
    const { page, complaints } = await open();
    await page.evaluate(COUNT_WHAT_IS_PLAYED);
    await signIn(page);
    await page.getByText('live', { exact: true }).waitFor();

    const sent = await callBy(service.url, key, '9851023212');
    const code = sent.body.data.details?.otp ?? 'none';
    const ringing = page.getByRole('listitem', { name: 'Call to +9779851023212, ringing' });
    await ringing.waitFor();
    expect(await page.title()).toContain('+9779851023212 is ringing');
    await ringing.getByRole('button', { name: 'Answer' }).click();

    const call = page.getByRole('listitem', { name: 'Call to +9779851023212, answered' });
    await call.getByRole('log').filter({ hasText: 'Your code is' }).waitFor();
    await call.getByRole('button', { name: `Copy the code ${code}` }).waitFor();
    await call.getByRole('button', { name: 'Press 1' }).click();
    const spelled = code.split('').join(' ');
    await call
      .getByRole('log')
      .filter({ hasText: new RegExp(`${spelled} Your code is ${spelled}`) })
      .waitFor();
    expect(await page.evaluate<{ seconds: number; loudest: number }>('played')).toMatchObject({
      seconds: expect.toSatisfy((seconds: number) => seconds > 3),
      loudest: expect.toSatisfy((loudest: number) => loudest > 0.1),
    });

    await call.getByRole('button', { name: 'Keypad' }).click();
    await page.keyboard.press('#');
    await call.getByText('Keys pressed: 1 #').waitFor();
    await call.getByRole('button', { name: 'Hang up' }).click();

    const ended = page.getByRole('listitem').filter({ hasText: /answered, \d+ s · keys 1 #/ });
    await ended.getByRole('button', { name: `Copy the code ${code}` }).waitFor();
    await ended.getByRole('button', { name: 'Play the call to +9779851023212' }).click();
    await eventually(
      () => page.evaluate<number>('document.querySelector("audio")?.currentTime ?? 0'),
      (seconds) => seconds > 0,
    );
    expect(await page.evaluate<number>('document.querySelector("audio").duration')).toBeGreaterThan(3);
    expect(await page.title()).toBe('Passbell');
    expect(complaints).toEqual([]);
  });

  it('declines a call, and tells why one cannot be answered', async () => {
    const { page } = await open();
    await signIn(page);
    await page.getByText('live', { exact: true }).waitFor();
    await callBy(service.url, key, '9851023213');
    await page.getByRole('button', { name: 'Decline' }).click();
    await page.getByText('declined · 603 Decline').waitFor();

    await callBy(service.url, key, '9851020012');
    await page.getByRole('button', { name: 'Answer' }).click();
    await page.getByRole('alert').filter({ hasText: 'the phone at this number never answers' }).waitFor();
    await page.getByRole('button', { name: 'Decline' }).click();
    await page.getByRole('button', { name: 'Answer' }).waitFor({ state: 'detached' });
  });

  it('tells a wrong password, and forgets who signed out', async () => {
    const { page } = await open();
    await signIn(page, 'wrong');
    await page.getByRole('alert').filter({ hasText: 'E-mail or password is wrong.' }).waitFor();
    await signIn(page);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('E-mail').waitFor();
    await page.reload();
    await page.getByLabel('E-mail').waitFor();
  });

  it('goes on by itself after the service was started again', async () => {
    const { page } = await open();
    await signIn(page);
    await page.getByText('live', { exact: true }).waitFor();
    await service.stop();
    await page.getByText('reconnecting', { exact: true }).waitFor();

    service = await startService({ data, listen: new URL(service.url).host });
    await page.getByText('live', { exact: true }).waitFor();
    const sent = await sendText(service.url, key, '9841000100');
    await page.getByRole('button', { name: `Copy the code ${sent.body.data.details?.otp}` }).waitFor();
  });
});
