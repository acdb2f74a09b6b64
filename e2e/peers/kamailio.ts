import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificate } from './certificate.ts';
import { freePorts, type Loopback } from './free-port.ts';
import { type KamailioRules, kamailioConfig } from './kamailio-config.ts';
import { listening } from './listening.ts';
import { startProcess } from './peer-process.ts';

export interface KamailioOptions extends KamailioRules {
  readonly host?: Loopback;
  /** What its certificate vouches for: by default localhost, 127.0.0.1 and ::1. */
  readonly names?: string[];
}

/** A SIP proxy in a process of its own, in front of whoever answers. It stays in the way of the whole call (Record-Route). */
export interface Kamailio {
  /** Of SIP over UDP and over TCP. */
  readonly port: number;
  readonly tlsPort: number;
  /** The file of the authority, PEM, that vouches for it. */
  readonly authority: string;
  /** What it did, a line each: `challenged INVITE over udp`, `found the nonce of INVITE stale`, `forwarded INVITE over tls`, `registered trunk for 300 s`, `refused …`. */
  said(): readonly string[];
  /** Resolves once one of those lines begins so. */
  hasSaid(start: string): Promise<void>;
  output(): string;
  stop(): Promise<void>;
}

export async function startKamailio(options: KamailioOptions): Promise<Kamailio> {
  const { host = '127.0.0.1' } = options;
  const folder = mkdtempSync(join(tmpdir(), 'passbell-kamailio-'));
  const tls = makeCertificate(folder, options.names);
  const port = await freePorts(2, host);
  const tlsPort = port + 1;
  const config = join(folder, 'kamailio.cfg');
  writeFileSync(config, kamailioConfig(options, { host, port, tlsPort, tls }));
  // -DD: in the foreground; -E: says it to us and not to syslog. Little memory: it is one of several on this machine.
  const flags = ['-DD', '-E', '-m', '32', '-M', '8', '-f', config, '-w', folder, '-Y', folder];
  const kamailio = startProcess('/usr/sbin/kamailio', flags, { cwd: folder });
  await Promise.all([
    listening(port, 'udp', kamailio.endedEarly),
    listening(port, 'tcp', kamailio.endedEarly),
    listening(tlsPort, 'tcp', kamailio.endedEarly),
  ]);
  const said = () => [...kamailio.output().matchAll(/\[peer\] (.*)/g)].map(([, line = '']) => line);
  return {
    port,
    tlsPort,
    authority: tls.authority,
    said,
    hasSaid: (start) => kamailio.said(() => said().some((line) => line.startsWith(start))),
    output: kamailio.output,
    async stop() {
      await kamailio.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
