import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

/** SMPP on the loopback interface as tshark, which this project did not write, reads it. */
export interface WireCapture {
  /** Stops once a PDU of this command id went by. */
  until(commandId: number): Promise<void>;
  /** Lines of the fields, one a packet (a packet may hold several PDUs: their values are joined by commas), of packets that the filter lets through. */
  fields(filter: string, ...names: readonly string[]): Promise<readonly string[]>;
  close(): void;
}

/** Starts to record what comes from and goes to `port`; resolves when nothing is missed any more. */
export async function captureSmpp(port: number): Promise<WireCapture> {
  const folder = mkdtempSync(join(tmpdir(), 'passbell-wire-'));
  const file = join(folder, 'smpp.pcapng');
  const decode = ['-d', `tcp.port==${port},smpp`, '-o', 'tcp.desegment_tcp_streams:TRUE'];
  const print = ['-P', '-l', '-T', 'fields', '-e', 'smpp.command_id'];
  const child = spawn('tshark', ['-i', 'lo', '-f', `tcp port ${port}`, '-w', file, ...decode, ...print]);
  const gone = once(child, 'exit');
  const seen = new Set<number>();
  let look = () => {};
  createInterface({ input: child.stdout }).on('line', (line) => {
    for (const id of line.split(',')) seen.add(Number(id));
    look();
  });
  let said = '';
  const started = new Promise<void>((resolve) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('Capture started')) resolve();
    });
  });
  await Promise.race([started, gone.then(() => Promise.reject(new Error(`tshark ended: ${said}`)))]);

  return {
    async until(commandId) {
      await new Promise<void>((resolve) => {
        look = () => {
          if (seen.has(commandId)) resolve();
        };
        look();
      });
      child.kill('SIGINT');
      await gone;
    },
    async fields(filter, ...names) {
      const args = ['-r', file, ...decode, '-Y', filter, '-T', 'fields', ...names.flatMap((name) => ['-e', name])];
      const { stdout } = await promisify(execFile)('tshark', args, { maxBuffer: 64 * 1024 * 1024 });
      return stdout.split('\n').filter((line) => line !== '');
    },
    close() {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
