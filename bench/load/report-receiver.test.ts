import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { readRequests, receiveReports } from './report-receiver.ts';

const GET = 'GET /dlr?status=1&id=7 HTTP/1.1\r\nHost: a\r\n\r\n';
// An empty line in the body is not the end of a head.
const POST = 'POST /dlr HTTP/1.1\r\nContent-Length: 8\r\nHost: a\r\n\r\n{\r\n\r\n"}';
const BARE = 'POST /dlr HTTP/1.1\r\ncontent-length:0\r\n\r\n';

describe('requests', () => {
  it('are counted with their bodies, however the octets come', () => {
    const all = GET + POST + BARE + POST + GET;
    for (let cut = 0; cut <= all.length; cut++) {
      const first = readRequests(all.slice(0, cut));
      const second = readRequests(first.left + all.slice(cut));
      expect([first.whole + second.whole, second.left]).toEqual([5, '']);
    }
  });

  it('wait for the rest of their body', () => {
    expect(readRequests(GET + POST.slice(0, -1))).toEqual({ whole: 1, left: POST.slice(0, -1) });
  });
});

it('answers each report once', async () => {
  await using reports = await receiveReports();
  const { hostname, port } = new URL(reports.url);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: false });
  socket.end(GET + POST + GET);
  expect((await text(socket)).match(/200 OK/g)).toHaveLength(3);
  expect(reports.count()).toBe(3);
});
