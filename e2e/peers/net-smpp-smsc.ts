import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** One line of `net-smpp-smsc.pl`, which says what each is. */
export type SmscLine =
  | { readonly event: 'listening'; readonly port: number }
  | {
      readonly event: 'bind';
      readonly mode: string;
      readonly status: number;
      readonly system_id: string;
      readonly password: string;
      readonly system_type: string;
      readonly interface_version: number;
    }
  | SmscMessage
  | { readonly event: 'receipt_answer'; readonly id: string; readonly status: number }
  | { readonly event: 'malformed'; readonly length: number }
  | SmscEnd;

export interface SmscMessage {
  readonly event: 'message';
  readonly id: string;
  readonly system_id: string;
  readonly service_type: string;
  readonly source_addr_ton: number;
  readonly source_addr_npi: number;
  readonly source_addr: string;
  readonly dest_addr_ton: number;
  readonly dest_addr_npi: number;
  readonly destination_addr: string;
  readonly esm_class: number;
  readonly protocol_id: number;
  readonly priority_flag: number;
  readonly schedule_delivery_time: string;
  readonly validity_period: string;
  readonly registered_delivery: number;
  readonly replace_if_present_flag: number;
  readonly data_coding: number;
  readonly sm_default_msg_id: number;
  /** Hex. */
  readonly short_message: string;
  /** Hex, by the tag in four hex digits. */
  readonly tlvs: Readonly<Record<string, string>>;
}

export interface SmscEnd {
  readonly event: 'end';
  readonly messages: number;
  readonly receipts: number;
  readonly receipt_answers: number;
}

export interface SmscOptions {
  readonly port?: number;
  readonly receipts?: 'none' | 'delivered' | 'undelivered' | 'tlv' | 'early';
  readonly receiptIds?: 'hex' | 'decimal';
  readonly latencyMs?: number;
  readonly status?: number;
  readonly password?: string;
  /** No lines for messages and answers to receipts: for load. */
  readonly quiet?: boolean;
}

/** An SMSC that this project did not write, in a process of its own; it ends with the process that started it. */
export interface NetSmppSmsc {
  readonly port: number;
  /** What it printed so far. */
  readonly lines: readonly SmscLine[];
  messages(): readonly SmscMessage[];
  /** Resolves to its messages once there are that many. What it prints may come later than its answers. */
  received(count: number): Promise<readonly SmscMessage[]>;
  /** Resolves once `wanted` is true of the lines. */
  until(wanted: (lines: readonly SmscLine[]) => boolean): Promise<void>;
  /** Ends it in order, and gives its last line. */
  stop(): Promise<SmscEnd>;
  /** SIGKILL: connections are reset. */
  kill9(): Promise<void>;
}

const SCRIPT = join(import.meta.dirname, 'net-smpp-smsc.pl');

export async function startNetSmppSmsc(options: SmscOptions = {}): Promise<NetSmppSmsc> {
  const child = spawn('perl', [SCRIPT, ...flags(options)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const gone = once(child, 'exit');
  const lines: SmscLine[] = [];
  const watchers = new Set<() => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(JSON.parse(line) as SmscLine);
    for (const watch of watchers) watch();
  });

  function until(wanted: (lines: readonly SmscLine[]) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const watch = () => {
        if (!wanted(lines)) return;
        watchers.delete(watch);
        resolve();
      };
      watchers.add(watch);
      watch();
    });
  }

  const messages = () => lines.filter((line) => line.event === 'message');

  await Promise.race([
    until(() => lines.length > 0),
    gone.then(() => Promise.reject(new Error('net-smpp-smsc.pl ended before it listened'))),
  ]);
  const [first] = lines;
  return {
    port: first?.event === 'listening' ? first.port : 0,
    lines,
    messages,
    async received(count) {
      await until(() => messages().length >= count);
      return messages();
    },
    until,
    async stop() {
      child.kill('SIGTERM');
      await until(() => lines.at(-1)?.event === 'end');
      await gone;
      return lines.at(-1) as SmscEnd;
    },
    async kill9() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

function flags({ port, receipts, receiptIds, latencyMs, status, password, quiet }: SmscOptions): string[] {
  const values = { port, receipts, 'receipt-ids': receiptIds, latency: latencyMs, status, password };
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return [...given.flatMap(([name, value]) => [`--${name}`, String(value)]), ...(quiet ? ['--quiet'] : [])];
}
