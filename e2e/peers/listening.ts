import { readFileSync } from 'node:fs';

const TCP_LISTEN = '0A';

/**
 * Resolves once something has bound the port, by the kernel's tables: UDP has no connection to try, and a probe would be a message
 * that the peer counts. Linux only, as the peers are.
 * @throws when `ended` comes first, with its reason.
 */
export async function listening(port: number, transport: 'udp' | 'tcp', ended: Promise<never>): Promise<void> {
  let over = false;
  const failed = ended.finally(() => {
    over = true;
  });
  async function bound(): Promise<void> {
    while (!over && !isBound(port, transport)) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await Promise.race([failed, bound().then(() => (over ? failed : undefined))]);
}

function isBound(port: number, transport: 'udp' | 'tcp'): boolean {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return [`/proc/net/${transport}`, `/proc/net/${transport}6`].some((table) =>
    lines(table).some((line) => {
      const [, local, , state] = line.trim().split(/\s+/);
      return local?.endsWith(suffix) === true && (transport === 'udp' || state === TCP_LISTEN);
    }),
  );
}

function lines(table: string): readonly string[] {
  try {
    return readFileSync(table, 'utf8').split('\n');
  } catch {
    return []; // no IPv6 on this machine
  }
}
