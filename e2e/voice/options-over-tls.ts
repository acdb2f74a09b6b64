import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type TLSSocket } from 'node:tls';

interface Asked {
  readonly port: number;
  /** The file of the authority that the server must be vouched for by, as localhost. */
  readonly authority: string;
  readonly username: string;
  readonly password: string;
}

/**
 * Asks OPTIONS over verified TLS and answers a 407 with SHA-256 (RFC 8760), which no caller in Debian 12 can. Gives both answers' first
 * lines.
 */
export async function optionsOverTls({ port, authority, username, password }: Asked): Promise<readonly string[]> {
  const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca: readFileSync(authority) });
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(5_000) });
    const refused = await ask(socket, port, 1, []);
    const uri = `sip:bob@127.0.0.1:${port}`;
    const [realm, nonce] = [parameter(refused, 'realm'), parameter(refused, 'nonce')];
    const [nc, cnonce, qop] = ['00000001', '0a4f113b', 'auth'];
    const secret = sha256(`${username}:${realm}:${password}`);
    const response = sha256([secret, nonce, nc, cnonce, qop, sha256(`OPTIONS:${uri}`)].join(':'));
    const quoted = { username, realm, nonce, uri, response, cnonce };
    const parameters = Object.entries(quoted).map(([name, value]) => `${name}="${value}"`);
    const digest = [...parameters, 'algorithm=SHA-256', `qop=${qop}`, `nc=${nc}`].join(', ');
    const welcomed = await ask(socket, port, 2, [`Proxy-Authorization: Digest ${digest}`]);
    return [refused, welcomed].map((answer) => answer.split('\r\n', 1)[0] ?? '');
  } finally {
    socket.destroy();
  }
}

async function ask(socket: TLSSocket, port: number, cseq: number, headers: readonly string[]): Promise<string> {
  const lines = [
    `OPTIONS sip:bob@127.0.0.1:${port} SIP/2.0`,
    `Via: SIP/2.0/TLS 127.0.0.1:${socket.localPort};branch=z9hG4bK-${randomUUID()};rport`,
    'From: <sip:self@localhost>;tag=self',
    'To: <sip:bob@localhost>',
    `Call-ID: ${randomUUID()}`,
    `CSeq: ${cseq} OPTIONS`,
    'Max-Forwards: 70',
    ...headers,
    'Content-Length: 0',
  ];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  const [data] = (await once(socket, 'data', { signal: AbortSignal.timeout(5_000) })) as [Buffer];
  return data.toString('latin1');
}

function parameter(message: string, name: string): string {
  return new RegExp(`${name}="([^"]*)"`).exec(message)?.[1] ?? '';
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
