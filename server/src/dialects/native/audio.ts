import { Type } from '@sinclair/typebox';
import type { Caller } from '../../accounts/caller.ts';
import { PassbellError } from '../../errors.ts';
import { type AudioDesk, MOST_AUDIO_BYTES } from '../../voice/audio-desk.ts';
import { audioJson, audioSchema } from './audio-json.ts';
import { type Call, type Operation, operation } from './operation.ts';
import { pageFields, pageSchema } from './page.ts';
import type { BodyCures } from './problem.ts';
import { reads } from './reads.ts';
import { mustOwnSettings } from './settings.ts';

export const AUDIO_CURES: BodyCures = {
  malformed: 'Send the WAV file itself, whole, as the body.',
  tooLarge: `Send a file of ${MOST_AUDIO_BYTES} bytes or fewer: telephones carry 8000 samples a second, mono.`,
  otherType: 'Send the WAV file itself as the body, with "Content-Type: audio/wav".',
};

const tag = 'Audio';
const params = {
  '*': Type.String({
    pattern: '\\.wav$',
    description: 'The path of the file, with its slashes: letters, digits, - _, and .wav at the end.',
    examples: ['spelling/np/1.wav'],
  }),
};

const listQuery = Type.Object(
  {
    prefix: Type.Optional(
      Type.String({
        maxLength: 255,
        description: 'What the paths begin with.',
        examples: ['/spelling/'],
        must: 'be what paths begin with, as in /spelling/',
      }),
    ),
    // A thousand files are one page: these are taken, as by every list, and change nothing.
    ...pageFields,
  },
  { additionalProperties: false },
);

export function listAudio(audio: AudioDesk): Operation<Caller> {
  return operation({
    id: 'listAudio',
    summary: 'List audio files',
    tag,
    query: reads(listQuery),
    answers: { 200: { description: 'All of them, by path, on one page.', body: pageSchema(audioSchema) } },
    async handle({ who, query }) {
      const found = await audio.list(who.account.id, query.prefix ?? '');
      return { status: 200, body: { data: found.map(audioJson), next_cursor: null } };
    },
  });
}

export function playAudio(audio: AudioDesk): Operation<Caller> {
  return operation({
    id: 'playAudio',
    summary: 'Fetch an audio file',
    ...{ tag, params },
    answers: { 200: { description: 'As it is played: 8 kHz, 16 bit, mono.', type: 'audio/wav' } },
    problems: ['invalid_request'],
    handle: async (call) => ({
      status: 200,
      body: await audio.wav(call.who.account.id, pathOf(call)),
      headers: { 'cache-control': 'private, no-cache' },
    }),
  });
}

export function putAudio(audio: AudioDesk): Operation<Caller> {
  return operation({
    id: 'putAudio',
    summary: 'Put an audio file',
    description:
      'In the stead of what is there. It is converted to what telephones carry. Once an account is live, this needs a live key.',
    ...{ tag, params },
    body: { type: 'audio/wav', description: `A WAV file of at most ${MOST_AUDIO_BYTES} bytes.` },
    // What live callees hear.
    allow: mustOwnSettings,
    answers: {
      200: { description: 'It took the place of another.', body: audioSchema },
      201: { description: 'It is there.', body: audioSchema },
    },
    problems: ['invalid_request', 'conflict'],
    async handle(call) {
      const { account } = call.who;
      if (!(call.body instanceof Uint8Array)) {
        throw new PassbellError('invalid_request', {
          faults: [{ field: 'body', message: `is required. ${AUDIO_CURES.otherType}` }],
        });
      }
      const before = await audio.list(account.id, pathOf(call));
      const entry = await audio.put(account.id, pathOf(call), call.body);
      const replaced = before.some(({ path }) => path === entry.path);
      return { status: replaced ? 200 : 201, body: audioJson(entry) };
    },
  });
}

export function deleteAudio(audio: AudioDesk): Operation<Caller> {
  return operation({
    id: 'deleteAudio',
    summary: 'Delete an audio file',
    description: 'Once an account is live, this needs a live key.',
    ...{ tag, params },
    allow: mustOwnSettings,
    answers: { 204: { description: 'It is gone.' } },
    problems: ['invalid_request'],
    async handle(call) {
      await audio.delete(call.who.account.id, pathOf(call));
      return { status: 204 };
    },
  });
}

/** As it was sent, decoded once. */
function pathOf({ params }: Call<Caller>): string {
  return params['*'] ?? '';
}
