import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CODE, NUMBER, PLAIN, servedVerifications } from './rig.ts';

type Served = Awaited<ReturnType<typeof servedVerifications>>;
let served: Served;
let caller: Awaited<ReturnType<Served['caller']>>;
beforeAll(async () => {
  served = await servedVerifications();
});
beforeEach(async () => {
  caller = await served.caller({ countries: ['*'] });
});
afterAll(() => served.close());

type Words = Readonly<Record<string, string>>;

async function template(name: string, texts: Words, spoken: Words = {}): Promise<void> {
  const row = { accountId: caller.account.id, name, texts, spoken, updatedAt: 0 };
  await served.rig.store.templates.put(row, 10);
}

/** What a request has said, by message and by call, who speaks, and what the answer warns of. */
async function saidOf(over: Readonly<Record<string, unknown>>) {
  const { status, body, text } = await caller.post('', { ...PLAIN, ...over });
  if (status !== 201) throw new Error(text);
  const messages = served.starts.at(-1)?.messages;
  const { script, voice } = messages?.voice?.call ?? {};
  const line = (of: readonly { readonly kind: string }[] = []) =>
    of.flatMap((each) => ('text' in each ? [each.text] : [])).join(' ');
  return {
    ...{ sms: messages?.sms?.text, spoken: line(script?.code), again: line(script?.replayPrompt) },
    ...{ goodbye: line(script?.outro), voice: voice?.name, warnings: body.warnings as readonly string[] },
  };
}

describe('the words of a template', () => {
  const REGIONS = Object.fromEntries(
    ['en', 'fr-FR', 'fr-CA', 'es-AR', 'es-MX', 'en-NZ', 'en-AU', 'pt-AO', 'pt-PT'].map((tag) => [tag, `${tag} {code}`]),
  );

  it.each([
    ['fr-CA', 'fr-CA'],
    ['FR_ca', 'fr-CA'],
    ['es-MX', 'es-MX'],
    ['en-AU', 'en-AU'],
    ['en-GB', 'en'],
    ['pt-AO', 'pt-AO'],
    ['es-CL', 'es-AR'],
    ['fr', 'fr-FR'],
    ['de', 'en'],
  ])('for %s are those under %s', async (locale, tag) => {
    await template('reg', REGIONS);
    expect((await saidOf({ template: 'reg', locale })).sms).toBe(`${tag} ${CODE}`);
  });

  it('are without a locale those of the number’s country', async () => {
    await template('reg', REGIONS);
    const said = await saidOf({ template: 'reg', to: '+61412345678' });
    expect([said.sms, said.warnings]).toEqual([`en-AU ${CODE}`, []]);
  });
});

describe('a call', () => {
  const ENGLISH = { again: 'To hear it again, press 1.', goodbye: 'Goodbye.' };

  it.each([[{ language: 'en-US' }], [{ name: 'en-US/female/1' }], [{ language: 'en-Latn-US' }]])(
    'speaks without a locale the language of the voice %j, and the message is in it too',
    async (voice) => {
      const said = await saidOf({ channel: 'voice', voice });
      expect(said).toMatchObject({ ...ENGLISH, spoken: 'Hello. Your verification code is' });
      expect(said.sms).toMatch(/^012345 is your verification code/);
      expect(said.voice).toMatch(/^en-/);
      expect(said.warnings.filter((warning) => /speaks words/.test(warning))).toEqual([]);
    },
  );

  it('in a language that there is no voice for is spoken as if none had been asked for, with a warning', async () => {
    const said = await saidOf({ channel: 'voice', voice: { language: 'ja-JP', gender: 'male' } });
    expect(said).toMatchObject({ voice: 'np_prashanna', spoken: expect.stringContaining('प्रमाणीकरण') });
    expect(said.warnings).toEqual(['There is no voice for ja-JP; Prashanna speaks instead.']);
  });

  it('speaks a template’s words by a voice for them, with the prompts of their language', async () => {
    await template('login', { en: 'The code {code}' });
    const said = await saidOf({ channel: 'voice', template: 'login' });
    expect(said).toMatchObject({ ...ENGLISH, voice: 'en-US/female/1', spoken: 'The code', warnings: [] });
  });

  it('keeps the voice that was asked for, and warns where it speaks another language than the words', async () => {
    await template('login', { en: 'The code {code}' });
    const warnings = ['Rija, a voice for ne-NP, speaks words in en-US.'];
    for (const voice of [{ name: 'np_rija' }, { language: 'ne' }]) {
      const said = await saidOf({ channel: 'voice', template: 'login', voice });
      expect(said).toMatchObject({ ...ENGLISH, voice: 'np_rija', warnings });
    }
    const built = await saidOf({ channel: 'voice', locale: 'ne', voice: { language: 'en-US' } });
    expect(built).toMatchObject({
      voice: 'en-US/female/1',
      warnings: ['English (United States), female 1, a voice for en-US, speaks words in ne-NP.'],
    });
    expect((await saidOf({ channel: 'voice', locale: 'en-GB', voice: { language: 'en-US' } })).warnings).toEqual([]);
  });

  it('has of `text` the voice and the prompts of `locale`', async () => {
    const said = await saidOf({ channel: 'voice', text: 'Voici {code}', locale: 'fr' });
    expect(said).toMatchObject({ voice: 'fr-FR/female/1', goodbye: expect.not.stringMatching(/Goodbye|धन्यवाद/) });
    expect(said.warnings).toEqual([]);
  });
});

describe('a locale that a template has no words in', () => {
  const warning = 'The template has no words in de; those in en are taken instead.';

  it('is told of once, and English words get an English voice', async () => {
    await template('login', { en: 'The code {code}', fr: 'Le code {code}' });
    const workflow = [{ channel: 'sms' }, { channel: 'voice', wait: 30 }];
    const said = await saidOf({ workflow, template: 'login', locale: 'de' });
    expect(said).toMatchObject({ sms: `The code ${CODE}`, voice: 'en-US/female/1', warnings: [warning] });
  });

  it('is told of by what is sent', async () => {
    await template('login', { en: 'The code {code}' }, { de: 'Der Code {code}' });
    expect((await saidOf({ template: 'login', locale: 'de' })).warnings).toEqual([warning]);
    const call = await saidOf({ channel: 'voice', template: 'login', locale: 'de' });
    expect(call).toMatchObject({ voice: 'de-DE/female/1', spoken: 'Der Code', warnings: [] });
  });
});

describe('a code that lives for less than a minute', () => {
  it('is sent without a word on how long, or in own words with 1', async () => {
    caller = await served.caller({ ttlSeconds: 30 });
    const said = await saidOf({ locale: 'en' });
    expect(said.sms).toBe(`${CODE} is your verification code. Do not share it with anyone.`);
    expect((await saidOf({ text: '{code}, {minutes} min' })).sms).toBe(`${CODE}, 1 min`);
  });
});

it('names the brand where its letters are what makes words of the caller’s own too long', async () => {
  await template('long', { en: `{code} {brand} ${'a'.repeat(1200)}` });
  const ask = (brand: string) => caller.post('', { to: NUMBER, template: 'long', brand });
  expect((await ask('Acme')).status).toBe(201);
  expect((await ask('नेपाल')).body.errors).toEqual([
    { field: 'brand', message: expect.stringMatching(/GSM alphabet.*or the template shorter/) },
  ]);
});
