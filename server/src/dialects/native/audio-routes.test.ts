import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeWav } from '../../voice/audio/write-wav.ts';
import { MOST_AUDIO_BYTES } from '../../voice/audio-desk.ts';
import { MOST_RECEIVED } from './audio-routes.ts';
import { servedNatively } from './rig.ts';

let served: Awaited<ReturnType<typeof servedNatively>>;
beforeAll(async () => {
  served = await servedNatively();
});
afterAll(() => served.close());

const opened = async () => (await served.rig.account()).account.keys;

/** A tone of so many milliseconds, 8 kHz, that is told from others by its pitch. */
function tone(hertz: number, ms = 100): Uint8Array {
  return writeWav(Int16Array.from({ length: 8 * ms }, (_, i) => 8_000 * Math.sin((hertz * i * Math.PI) / 4_000)));
}

function put(key: string, path: string, payload: Uint8Array | string, type: string | null = 'audio/wav') {
  return served.app.inject({
    ...{ method: 'PUT', url: `/v1/audio/${path}`, payload: Buffer.from(payload) },
    headers: { authorization: `Bearer ${key}`, ...(type !== null && { 'content-type': type }) },
  });
}

const get = (key: string, path: string) =>
  served.app.inject({ url: `/v1/audio/${path}`, headers: { authorization: `Bearer ${key}` } });

describe('/v1/audio', () => {
  it('takes a file, lists it, plays it as it is played to callees, replaces it and deletes it', async () => {
    const { test, live } = await opened();
    const entry = {
      ...{ path: '/prompts/intro.wav', seconds: 0.1, source: '8000 Hz, 1 channel, pcm 16 bit' },
      updated_at: new Date(served.rig.clock.now()).toISOString(),
    };
    const fresh = await put(live, 'Prompts/Intro.wav', tone(440));
    expect([fresh.statusCode, fresh.json()]).toEqual([201, entry]);
    const listed = await served.ask(test, 'GET /v1/audio');
    expect([listed.status, listed.body]).toEqual([200, { data: [entry], next_cursor: null }]);

    const played = await get(test, 'prompts/intro.wav');
    expect(played.statusCode).toBe(200);
    expect(played.headers).toMatchObject({ 'content-type': 'audio/wav', 'cache-control': 'private, no-cache' });
    expect(played.rawPayload.equals(tone(440))).toBe(true);

    const again = await put(test, 'prompts/intro.wav', tone(880));
    expect([again.statusCode, again.json()]).toEqual([200, entry]);
    expect((await get(live, 'prompts/intro.wav')).rawPayload.equals(tone(880))).toBe(true);

    expect(await served.ask(live, 'DELETE /v1/audio/prompts/intro.wav')).toMatchObject({ status: 204, text: '' });
    expect(await served.ask(live, 'DELETE /v1/audio/prompts/intro.wav')).toMatchObject({
      status: 404,
      body: { code: 'not_found', detail: 'There is no such audio file.' },
    });
    expect((await get(live, 'prompts/intro.wav')).statusCode).toBe(404);
    expect((await served.ask(live, 'GET /v1/audio')).body.data).toEqual([]);
  });

  it('lists by what paths begin with, and refuses a query that it does not know', async () => {
    const { live } = await opened();
    for (const path of ['b.wav', 'spelling/en-GB/1.wav', 'spelling/en-GB/2.wav', 'spelling-bee.wav']) {
      expect((await put(live, path, tone(440))).statusCode).toBe(201);
    }
    const paths = async (query: string) =>
      (await served.ask(live, `GET /v1/audio${query}`)).body.data.map(({ path }: { path: string }) => path);
    expect(await paths('?prefix=/spelling/')).toEqual(['/spelling/en-gb/1.wav', '/spelling/en-gb/2.wav']);
    expect(await paths('?prefix=spelling/EN-gb/2')).toEqual(['/spelling/en-gb/2.wav']);
    expect(await paths('?limit=1')).toHaveLength(4);
    expect(await paths('?prefix=%25')).toEqual([]);
    expect(await paths('/')).toHaveLength(4);
    for (const query of ['?prefix=a&prefix=b', '?perfix=a', '?limit=0']) {
      expect((await served.ask(live, `GET /v1/audio${query}`)).status).toBe(422);
    }
  });

  it('takes a file by any of the types that programs give it, and without one', async () => {
    const { live } = await opened();
    const types = ['audio/wav', 'Audio/X-WAV; rate=8000', 'audio/wave', 'audio/vnd.wave', 'application/octet-stream'];
    for (const type of [...types, null]) {
      expect((await put(live, 'x.wav', tone(440), type)).statusCode).toBeLessThan(202);
    }
  });

  it.each([
    'application/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'audio/mpeg',
    '',
  ])('refuses the type %j, and says which it wants', async (type) => {
    const { live } = await opened();
    const answer = await put(live, 'x.wav', tone(440), type);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.json()).toMatchObject({
      ...{ status: 415, code: 'unsupported_media_type' },
      detail: 'Send the WAV file itself as the body, with "Content-Type: audio/wav".',
    });
    expect((await served.ask(live, 'GET /v1/audio')).body.data).toEqual([]);
  });

  it('takes percent-encoded parts, decoded once', async () => {
    const { live } = await opened();
    expect((await put(live, 'spelling/ne-NP/%E0%A5%A7.wav', tone(440))).json().path).toBe('/spelling/ne-np/१.wav');
    expect((await put(live, 'a%20b%2Fc.wav', tone(440))).json().path).toBe('/a b/c.wav');
    expect((await get(live, 'a b/c.wav'.replace(' ', '%20'))).statusCode).toBe(200);
    expect((await put(live, 'a%2520b.wav', tone(440))).statusCode).toBe(422);
    expect((await put(live, `${'x'.repeat(250)}.wav`, tone(440))).statusCode).toBe(201);
  });

  it.each([
    '../../etc/passwd',
    '../../etc/passwd.wav',
    '..%2f..%2fetc/passwd.wav',
    '%2e%2e/%2e%2e/x.wav',
    '..%252fx.wav',
    '..%5cx.wav',
    'a.wav%00.txt',
    'a%00.wav',
    'a%0d%0aX:y.wav',
    '.hidden.wav',
    'a//b.wav',
    'x.mp3',
    'x',
    '%ff.wav',
    '%E0%A4.wav',
    `${'x'.repeat(256)}.wav`,
    encodeURIComponent('<script>.wav'),
  ])('answers the path %j with a 4xx, and keeps nothing', async (path) => {
    const { live } = await opened();
    for (const answer of [
      await put(live, path, tone(440)),
      await get(live, path),
      await served.ask(live, `DELETE /v1/audio/${path}`).then(({ status }) => ({ statusCode: status })),
    ]) {
      expect(answer.statusCode).toBeGreaterThanOrEqual(400);
      expect(answer.statusCode).toBeLessThan(500);
    }
    expect((await served.ask(live, 'GET /v1/audio')).body.data).toEqual([]);
  });

  it.each<[string, Uint8Array | string, string]>([
    ['HTML', '<!doctype html><script>alert(1)</script>', 'This is not a WAV file: save the sound as WAV, 16-bit PCM.'],
    ['a RIFF of nothing', 'RIFF\xff\xff\xff\xffWAVE', 'This is not a WAV file: save the sound as WAV, 16-bit PCM.'],
    ['a minute and more', tone(440, 60_001), 'It is longer than 60 seconds: shorten it.'],
    ['silence', writeWav(new Int16Array(800)), 'It is silent: record it again, and check the microphone.'],
    ['nothing', '', 'This is not a WAV file: save the sound as WAV, 16-bit PCM.'],
  ])('refuses %s with what is wrong with it', async (_, payload, message) => {
    const { live } = await opened();
    const answer = await put(live, 'x.wav', payload);
    expect(answer.json()).toMatchObject({ status: 422, code: 'invalid_request', errors: [{ field: 'body', message }] });
    expect((await served.ask(live, 'GET /v1/audio')).body.data).toEqual([]);
  });

  it('takes what there is of a RIFF that claims 4 GB', async () => {
    const { live } = await opened();
    const wav = Buffer.from(tone(440));
    wav.writeUInt32LE(0xffff_ffff, 4);
    wav.writeUInt32LE(0xffff_ffff, 40);
    expect((await put(live, 'x.wav', wav)).json()).toMatchObject({ seconds: 0.1 });
  });

  it('is out of a test key’s reach once the account is live: it is what live callees hear', async () => {
    const { account } = await served.rig.account();
    const { test, live } = account.keys;
    expect((await put(live, 'x.wav', tone(440))).statusCode).toBe(201);
    await served.rig.store.accounts.patch(account.id, { mode: 'live' });
    await served.rig.poll();
    const refused = { status: 403, code: 'forbidden', detail: 'This needs a live key.' };
    expect((await put(test, 'x.wav', tone(880))).json()).toMatchObject(refused);
    expect((await served.ask(test, 'DELETE /v1/audio/x.wav')).body).toMatchObject(refused);
    expect((await get(test, 'x.wav')).rawPayload.equals(tone(440))).toBe(true);
    expect((await put(live, 'x.wav', tone(880))).statusCode).toBe(200);
  });

  it('takes no file to delete another', async () => {
    const { live } = await opened();
    await put(live, 'x.wav', tone(440));
    const answer = await served.app.inject({
      ...{ method: 'DELETE', url: '/v1/audio/x.wav', payload: Buffer.from('x') },
      headers: { authorization: `Bearer ${live}`, 'content-type': 'audio/wav' },
    });
    expect(answer.json()).toMatchObject({ status: 422, errors: [{ field: 'body', message: 'must be left out' }] });
  });

  it('asks for a body where there is none', async () => {
    const { live } = await opened();
    expect(await served.ask(live, 'PUT /v1/audio/x.wav')).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'body', message: expect.stringMatching(/^is required/) }] },
    });
  });

  it('refuses a file that is too large, however its length is told', async () => {
    const { live } = await opened();
    const large = Buffer.alloc(MOST_AUDIO_BYTES + 1);
    const answer = await put(live, 'x.wav', large);
    expect(answer.json()).toMatchObject({
      status: 413,
      code: 'body_too_large',
      detail: expect.stringContaining('10485760'),
    });
    const url = await served.app.listen({ host: '127.0.0.1', port: 0 });
    const chunked = new ReadableStream({
      start(controller) {
        controller.enqueue(large);
        controller.close();
      },
    });
    const told = await fetch(`${url}/v1/audio/x.wav`, {
      ...{ method: 'PUT', body: chunked, duplex: 'half' as const },
      headers: { authorization: `Bearer ${live}`, 'content-type': 'audio/wav' },
    }).then(
      ({ status }) => status,
      // The connection may be gone before all was sent.
      () => 413,
    );
    expect(told).toBe(413);
    expect((await served.ask(live, 'GET /v1/audio')).body.data).toEqual([]);
  });

  it('receives some at once, lets others wait, and gives away the places of those who go', async () => {
    const { live } = await opened();
    const { port } = served.app.server.address() as AddressInfo;
    const head = `PUT /v1/audio/x.wav HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${live}\r\nContent-Length: 1000\r\n\r\n`;
    const sockets: Socket[] = [];
    for (let i = 0; i < MOST_RECEIVED; i += 1) {
      const socket = connect(port, '127.0.0.1').on('error', () => {});
      sockets.push(socket);
      const arrived = once(served.app.server, 'request');
      socket.write(head);
      await arrived;
    }
    let answered = false;
    // What is at fault in its path alone needs no thread: it would be answered at once.
    const waits = put(live, 'x.mp3', tone(440)).then(({ statusCode }) => {
      answered = true;
      return statusCode;
    });
    for (let i = 0; i < 20; i += 1) expect((await served.ask(live, 'GET /v1/audio')).status).toBe(200);
    expect(answered).toBe(false);
    sockets.pop()?.destroy();
    expect(await waits).toBe(422);
    for (const socket of sockets) socket.destroy();
  });

  it('shows an account nothing of another’s', async () => {
    const [mine, other] = [await opened(), await opened()];
    await put(mine.live, 'mine.wav', tone(440));
    expect((await served.ask(other.live, 'GET /v1/audio')).body.data).toEqual([]);
    expect((await get(other.live, 'mine.wav')).statusCode).toBe(404);
    expect((await served.ask(other.live, 'DELETE /v1/audio/mine.wav')).status).toBe(404);
    expect((await put(other.live, 'mine.wav', tone(880))).statusCode).toBe(201);
    expect((await get(mine.live, 'mine.wav')).rawPayload.equals(tone(440))).toBe(true);
  });

  it('wants a key before it reads a file, and no other methods', async () => {
    const { live } = await opened();
    expect((await put('pb_live_x', 'x.wav', Buffer.alloc(MOST_AUDIO_BYTES + 1))).statusCode).toBe(401);
    const posted = await served.ask(live, 'POST /v1/audio/x.wav');
    expect(posted).toMatchObject({ status: 405, headers: { allow: 'GET, PUT, DELETE' } });
    expect(await served.ask(live, 'PUT /v1/audio')).toMatchObject({ status: 405, headers: { allow: 'GET' } });
  });
});
