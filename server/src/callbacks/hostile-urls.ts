/**
 * Callback URLs that mean no good, each with what is wrong with it: all are refused where a request names them. For tests here and of
 * the whole service. `<port>` stands for a port where a listener would notice.
 */
export const HOSTILE_URLS: readonly string[] = [
  // Loopback, in all its spellings
  ...['http://127.0.0.1:<port>/', 'http://127.1:<port>/', 'http://0x7f.1:<port>/', 'http://0x7f000001:<port>/'],
  ...['http://2130706433:<port>/', 'http://017700000001:<port>/', 'http://0177.0.0.1:<port>/'],
  ...['http://127.0.0.1.:<port>/', 'http://127.8.9.10:<port>/', 'http://0:<port>/', 'http://0.0.0.0:<port>/'],
  ...['http://%31%32%37.0.0.1:<port>/', 'http://①②⑦.⓪.⓪.①:<port>/', 'http://127。0。0。1:<port>/'],
  ...[
    'http://localhost:<port>/',
    'http://localhost.:<port>/',
    'http://LOCALHOST:<port>/',
    'http://a.localhost:<port>/',
  ],
  ...[
    'http://[::1]:<port>/',
    'http://[::]:<port>/',
    'http://[0:0:0:0:0:0:0:1]:<port>/',
    'http://[::127.0.0.1]:<port>/',
  ],
  ...['http://[::ffff:7f00:1]:<port>/', 'http://[::ffff:127.0.0.1]:<port>/', 'http://[::ffff:0:7f00:1]:<port>/'],
  ...['http://[64:ff9b::7f00:1]:<port>/', 'http://[64:ff9b::127.0.0.1]:<port>/', 'http://[64:ff9b:1::7f00:1]:<port>/'],
  ...['http://[2002:7f00:1::]:<port>/', 'http://[2001:0:7f00:1::]:<port>/', 'https://127.0.0.1:<port>/'],
  // Private, shared, link-local, metadata
  ...['http://10.0.0.1/', 'http://172.16.0.1/', 'http://172.31.255.255/', 'http://192.168.1.1/', 'http://100.64.0.1/'],
  ...['http://169.254.169.254/latest/meta-data/', 'http://[fd00:ec2::254]/', 'http://100.100.100.200/'],
  ...['http://192.0.0.192/', 'http://168.63.129.16/', 'http://[::ffff:a9fe:a9fe]/', 'http://2852039166/'],
  ...['http://[fe80::1]/', 'http://[fec0::1]/', 'http://[fc00::1]/', 'http://[ff02::1]/', 'http://[2002:a9fe:a9fe::]/'],
  ...[
    'http://224.0.0.1/',
    'http://255.255.255.255/',
    'http://198.18.0.1/',
    'http://[2001:db8::1]/',
    'http://[100::1]/',
  ],
  // Not what they seem
  ...[
    'http://user:pw@example.com/',
    'http://user@example.com/',
    'http://@example.com/',
    'http://example.com@10.0.0.1/',
  ],
  ...['http://example.com\\@10.0.0.1/', 'http://example.com/#fragment', 'http://example.com/#', 'http:example.com'],
  ...['http:///example.com', '//example.com/', 'http:/\\example.com', 'ht\ntp://example.com/', ' http://example.com/'],
  ...[
    'http://exam\tple.com/',
    'http://example.com/\r\nHost: inside',
    'http://example.com/a b',
    'http://ex\u0000ample.com',
  ],
  ...['http://example..com/', 'http://.example.com/', 'http://example.com../', 'http://[::1%25lo]:<port>/'],
  // Other schemes and ports
  ...['file:///etc/passwd', 'ftp://example.com/', 'gopher://127.0.0.1:<port>/', 'javascript:alert(1)', 'data:,x'],
  ...['ws://example.com/', 'unix:/run/docker.sock', 'http+unix://%2Frun%2Fdocker.sock/', 'example.com/cb', 'https://'],
  ...['http://example.com:22/', 'http://example.com:25/', 'http://example.com:0/', 'https://example.com:5060/'],
  ...['http://example.com:65536/', 'http://example.com:-1/', 'http://example.com:8o/', '', 'http://', 'nonsense'],
  `http://example.com/${'x'.repeat(2048)}`,
  `http://${'x'.repeat(254)}/`,
  `http://${'пример'.repeat(60)}.com/`,
];

export function hostileUrls(port: number): readonly string[] {
  return HOSTILE_URLS.map((url) => url.replace('<port>', String(port)));
}
