import { once } from 'node:events';
import { Type } from '@sinclair/typebox';
import { errorCodes, type FastifyPluginAsync, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Caller } from '../../accounts/caller.ts';
import type { AppDeps } from '../../app-deps.ts';
import { PassbellError } from '../../errors.ts';
import { type Turnstile, turnstile } from '../../values/turnstile.ts';
import { type AudioDesk, MOST_AUDIO_BYTES } from '../../voice/audio-desk.ts';
import { audioJson } from './audio-json.ts';
import { type Call, endpoints, type Handler } from './endpoint.ts';
import { keyHolder } from './key-holder.ts';
import type { BodyCures } from './problem.ts';
import { reads } from './reads.ts';

type Deps = Pick<AppDeps, 'audio' | 'directory' | 'log'>;

/** Also what `curl -T` sends, which is nothing: what a file is, its first octets say. */
const TYPES = [undefined, 'audio/wav', 'audio/x-wav', 'audio/wave', 'audio/vnd.wave', 'application/octet-stream'];

const CURES: BodyCures = {
  malformed: 'Send the WAV file itself, whole, as the body.',
  tooLarge: `Send a file of ${MOST_AUDIO_BYTES} bytes or fewer: telephones carry 8000 samples a second, mono.`,
  otherType: 'Send the WAV file itself as the body, with "Content-Type: audio/wav".',
};

/** Files that are received at once, each of them in memory; and those whose connection waits for that. */
export const MOST_RECEIVED = 4;
const MOST_WAITING = 100;

/** The account's audio store: prompts and spelling files, the same for test and live keys. */
export function audioApi({ audio, directory, log }: Deps): FastifyPluginAsync {
  const paths = endpoints({
    prefix: '/v1/audio',
    identify: keyHolder(directory),
    log,
    bodies: CURES,
    paths: {
      'GET /v1/audio': listAudio(audio),
      'GET /v1/audio/*': playAudio(audio),
      'PUT /v1/audio/*': putAudio(audio),
      'DELETE /v1/audio/*': deleteAudio(audio),
    },
  });

  return async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MOST_AUDIO_BYTES }, (_request, body, done) =>
      done(null, body),
    );
    const inTurn = turnstile(MOST_RECEIVED, MOST_WAITING);
    app.addHook('preParsing', async (request, reply) => {
      if (request.method !== 'PUT') return;
      if (!TYPES.includes(typeOf(request))) throw new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE();
      await until(inTurn, reply);
    });
    await app.register(paths);
  };
}

/** Resolves when it is this request's turn, which lasts until it was answered or its client has gone. */
function until(inTurn: Turnstile, { raw }: FastifyReply): Promise<void> {
  return new Promise((resolve, reject) => {
    inTurn(async () => {
      resolve();
      if (!raw.closed) await once(raw, 'close');
    }).catch(reject);
  });
}

function typeOf({ headers }: FastifyRequest): string | undefined {
  return headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
}

const readQuery = reads(
  Type.Object(
    {
      prefix: Type.Optional(Type.String({ maxLength: 255, must: 'be what paths begin with, as in /spelling/' })),
      // A thousand files are one page: these are taken, as by every list, and change nothing.
      limit: Type.Optional(Type.String({ pattern: '^([1-9][0-9]?|100)$', must: 'be a whole number from 1 to 100' })),
      cursor: Type.Optional(Type.String({ maxLength: 100, must: 'be the next_cursor of an earlier page' })),
    },
    { additionalProperties: false },
  ),
);

function listAudio(audio: AudioDesk): Handler<Caller> {
  return async ({ who, query }) => {
    const found = await audio.list(who.account.id, readQuery(query).prefix ?? '');
    return { status: 200, body: { data: found.map(audioJson), next_cursor: null } };
  };
}

function playAudio(audio: AudioDesk): Handler<Caller> {
  return async (call) => ({
    status: 200,
    body: await audio.wav(call.who.account.id, pathOf(call)),
    headers: { 'content-type': 'audio/wav', 'cache-control': 'private, no-cache' },
  });
}

function putAudio(audio: AudioDesk): Handler<Caller> {
  return async (call) => {
    const { account } = call.who;
    if (!(call.body instanceof Uint8Array)) {
      throw new PassbellError('invalid_request', {
        faults: [{ field: 'body', message: `is required. ${CURES.otherType}` }],
      });
    }
    const before = await audio.list(account.id, pathOf(call));
    const entry = await audio.put(account.id, pathOf(call), call.body);
    const replaced = before.some(({ path }) => path === entry.path);
    return { status: replaced ? 200 : 201, body: audioJson(entry) };
  };
}

function deleteAudio(audio: AudioDesk): Handler<Caller> {
  return async (call) => {
    await audio.delete(call.who.account.id, pathOf(call));
    return { status: 204 };
  };
}

/** As it was sent, decoded once. */
function pathOf({ params }: Call<Caller>): string {
  return params['*'] ?? '';
}
