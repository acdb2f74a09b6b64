import { createSocket } from 'node:dgram';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { G711 } from '../../server/src/voice/audio/clip.ts';
import { makeCertificate } from './certificate.ts';
import { freePort, freePorts, type Loopback } from './free-port.ts';
import { startProcess } from './peer-process.ts';
import { readWav, type Sound } from './wav.ts';

export interface BaresipOptions {
  /** Who answers: the user part that calls must name. */
  readonly user?: string;
  readonly host?: Loopback;
  /** The one codec it takes. Both, µ-law first, without. */
  readonly codec?: G711;
}

/**
 * A telephone in a process of its own: it answers every call at once and records what it hears, and sends all of it back. One call at a
 * time: recordings are named by the second.
 */
export interface Baresip {
  /** Of SIP over UDP and over TCP. */
  readonly port: number;
  readonly tlsPort: number;
  /** The file of the authority, PEM, that vouches for it as `localhost`, 127.0.0.1 and ::1. */
  readonly authority: string;
  /** Presses a key for 100 ms, as an RFC 4733 event; within a call only. */
  press(key: string): Promise<void>;
  hangUp(): Promise<void>;
  /** Calls somebody, as `sip:bob@127.0.0.1:5061;transport=tls`. It does not verify certificates. */
  call(uri: string): Promise<void>;
  /** Resolves once so many calls were answered since the start, and acknowledged. */
  answered(calls?: number): Promise<void>;
  /** Resolves once so many calls ended since the start. */
  ended(calls?: number): Promise<void>;
  /** What the callee heard in each of its calls, in their order, once so many have ended and are written down. */
  heard(calls?: number): Promise<readonly Sound[]>;
  /** What it printed. */
  output(): string;
  /** Ends it, and removes its recordings. */
  stop(): Promise<void>;
}

/** RTP and RTCP of one call, and of the next should it come before the last is gone. */
const MEDIA_PORTS = 8;
const KEY_MS = 100;
/** The console's byte for: the key was let go. */
const RELEASE = '\x04';

export async function startBaresip({ user = 'bob', host = '127.0.0.1', codec }: BaresipOptions = {}): Promise<Baresip> {
  const folder = mkdtempSync(join(tmpdir(), 'passbell-baresip-'));
  const tls = makeCertificate(folder);
  writeFileSync(join(folder, 'tls.pem'), readFileSync(tls.key, 'utf8') + readFileSync(tls.certificate, 'utf8'));
  const [port, media, control] = [await freePorts(2, host), await freePorts(MEDIA_PORTS, host), await freePort()];
  const address = host === '::1' ? '[::1]' : host;
  const codecs = codec === undefined ? '' : `;audio_codecs=${codec.toUpperCase()}/8000/1`;
  writeFileSync(join(folder, 'accounts'), `<sip:${user}@${address}:${port}>;answermode=auto;regint=0${codecs}\n`);
  writeFileSync(
    join(folder, 'config'),
    [
      `sip_listen ${address}:${port}`, // and TLS on the next port
      `sip_certificate ${join(folder, 'tls.pem')}`,
      `net_interface ${host}`, // or its sessions name the machine's outer address
      'audio_player aubridge,loop', // the same name as player and source: a clock without a sound card
      'audio_source aubridge,loop',
      'audio_alert aubridge,loop',
      'ausrc_srate 8000',
      'auplay_srate 8000',
      'ausrc_channels 1',
      'auplay_channels 1',
      `rtp_ports ${media}-${media + MEDIA_PORTS - 1}`,
      `snd_path ${folder}`,
      `cons_listen 127.0.0.1:${control}`,
      `module_path ${MODULES}`,
      ...['g711.so', 'aubridge.so', 'sndfile.so', 'cons.so'].map((name) => `module ${name}`),
      'module_tmp account.so',
      'module_app menu.so',
      '',
    ].join('\n'),
  );
  const baresip = startProcess('baresip', ['-f', folder], { cwd: folder });
  const keys = createSocket('udp4');
  const type = (text: string) =>
    new Promise<void>((resolve, reject) => {
      keys.send(text, control, '127.0.0.1', (error) => (error ? reject(error) : resolve()));
    });
  const count = (line: RegExp) => baresip.output().match(line)?.length ?? 0;
  await baresip.said((output) => output.includes('baresip is ready'));
  // The first when the other side ended the call, the second when this one did.
  const ended = (calls = 1) => baresip.said(() => count(/: session closed: |call: terminate call/g) >= calls);
  const recordings = () =>
    readdirSync(folder)
      .filter((name) => name.endsWith('-dec.wav'))
      .sort()
      .map((name) => readFileSync(join(folder, name)));

  return {
    port,
    tlsPort: port + 1,
    authority: tls.authority,
    async press(key) {
      await type(key);
      await new Promise((resolve) => setTimeout(resolve, KEY_MS));
      await type(RELEASE);
    },
    hangUp: () => type('b'),
    call: (uri) => type(`/dial ${uri}\n`),
    answered: (calls = 1) => baresip.said(() => count(/Call established/g) >= calls),
    ended,
    async heard(calls = 1) {
      await ended(calls);
      for (;;) {
        const sounds = recordings().flatMap((file) => (isWhole(file) ? [readWav(file)] : []));
        if (sounds.length >= calls) return sounds;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    output: baresip.output,
    async stop() {
      keys.close();
      await baresip.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Its header has the length of the sound only once the file is closed. */
function isWhole(file: Buffer): boolean {
  return file.length >= WAV_HEADER && file.readUInt32LE(WAV_HEADER - 4) === file.length - WAV_HEADER;
}

const WAV_HEADER = 44;
const MODULES = '/usr/lib/baresip/modules';
