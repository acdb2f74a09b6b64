import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { need } from './peers/need.ts';
import { PEERS, whereIs } from './peers/peers.ts';
import { sendText } from './service/api.ts';
import { type Service, startService, temporaryFolder } from './service/service.ts';

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
    await page.getByText('No message yet').waitFor();
    await page.getByText('live', { exact: true }).waitFor();

    const sent = await sendText(service.url, key, '9851023212');
    const code = sent.body.data.details?.otp ?? 'none';
    await page.getByRole('button', { name: `Copy the code ${code}` }).waitFor();
    const message = page.getByRole('listitem').filter({ hasText: '+9779851023212' });
    expect(await message.textContent()).toContain(`Your code is ${code}`);

    expect(await page.getByRole('region', { name: 'Service' }).textContent()).toContain('SQLite');
    expect(await page.getByRole('region', { name: 'Carriers' }).textContent()).toMatch(/handset[\s\S]*up/);
    await page.getByRole('button', { name: 'Use dark colours' }).click();
    await page.getByRole('button', { name: 'Use light colours' }).waitFor();
    expect(complaints).toEqual([]);
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
