import { expect, it, test } from 'vitest';
import { type AllowList, NOTHING_ALLOWED, parseAllowList } from './allow-list.ts';
import { AddressRefused, guard, HostUnknown } from './guard.ts';

function allowing(text: string): AllowList {
  const read = parseAllowList(text);
  if ('fault' in read) throw new Error(read.fault);
  return read.value;
}

/** A guard over a DNS that knows these answers, and notes what it was asked. */
function guarded(answers: Readonly<Record<string, readonly string[]>>, allow = NOTHING_ALLOWED, own: string[] = []) {
  const asked: [host: string, trusted: boolean][] = [];
  const judge = guard({
    allow,
    own: () => own,
    async resolve(host, trusted) {
      asked.push([host, trusted]);
      const found = answers[host];
      if (found === undefined) throw new Error('ENOTFOUND');
      return found;
    },
  });
  return { judge, asked };
}

const INSIDE = [
  '127.0.0.1',
  '10.0.0.1',
  '169.254.169.254',
  '::1',
  '::ffff:10.0.0.1',
  '64:ff9b::a00:1',
  'fd00:ec2::254',
];

it.each(INSIDE)('%s beside a public address spoils both', async (inside) => {
  const { judge } = guarded({ a: ['8.8.8.8', inside], b: [inside, '8.8.8.8'], c: [inside] });
  for (const host of ['a', 'b', 'c']) await expect(judge(host), host).rejects.toBeInstanceOf(AddressRefused);
});

test('public addresses pass, in the order of DNS, and at most eight', async () => {
  const many = Array.from({ length: 20 }, (_, i) => `8.8.8.${i}`);
  const { judge } = guarded({ a: ['8.8.8.8', '2606:4700::1111'], many, spoilt: [...many, '10.0.0.1'] });
  expect(await judge('a')).toEqual(['8.8.8.8', '2606:4700::1111']);
  expect(await judge('many')).toEqual(many.slice(0, 8));
  await expect(judge('spoilt')).rejects.toBeInstanceOf(AddressRefused);
});

test('what DNS answers with that is no address is refused', async () => {
  for (const odd of ['0x7f.1', 'fe80::1%eth0', 'localhost', '']) {
    await expect(guarded({ a: [odd] }).judge('a'), odd).rejects.toBeInstanceOf(AddressRefused);
  }
});

test('a host without an address is unknown', async () => {
  await expect(guarded({}).judge('a')).rejects.toBeInstanceOf(HostUnknown);
  await expect(guarded({ a: [] }).judge('a')).rejects.toBeInstanceOf(HostUnknown);
});

test('an address is judged and never asked of DNS', async () => {
  const { judge, asked } = guarded({});
  expect(await judge('8.8.8.8')).toEqual(['8.8.8.8']);
  for (const inside of INSIDE) await expect(judge(inside), inside).rejects.toBeInstanceOf(AddressRefused);
  expect(asked).toEqual([]);
});

test('localhost is this machine, whatever DNS says', async () => {
  const { judge, asked } = guarded({ localhost: ['8.8.8.8'], 'a.localhost': ['8.8.8.8'] });
  for (const host of ['localhost', 'a.localhost']) await expect(judge(host)).rejects.toBeInstanceOf(AddressRefused);
  expect(asked).toEqual([]);
  expect(await guarded({}, allowing('127.0.0.0/8')).judge('localhost')).toEqual(['127.0.0.1']);
});

test('the public addresses of this machine lead inside past its firewall', async () => {
  const { judge } = guarded({ a: ['8.8.8.8'], b: ['8.8.4.4', '::ffff:8.8.8.8'] }, NOTHING_ALLOWED, [
    '8.8.8.8',
    'fe80::1',
  ]);
  for (const host of ['a', 'b', '8.8.8.8']) await expect(judge(host)).rejects.toBeInstanceOf(AddressRefused);
  expect(await guarded({ a: ['8.8.8.8'] }, allowing('a'), ['8.8.8.8']).judge('a')).toEqual(['8.8.8.8']);
});

test('the allow-list opens what it names: a host with all that it resolves to, or addresses', async () => {
  const answers = { a: ['10.0.0.1', '127.0.0.1'], b: ['10.0.0.1'], c: ['10.0.0.1', '10.1.0.1'] };
  const { judge, asked } = guarded(answers, allowing('a,10.0.0.0/16'));
  expect(await judge('a')).toEqual(answers.a);
  expect(await judge('b')).toEqual(answers.b);
  await expect(judge('c')).rejects.toBeInstanceOf(AddressRefused);
  // Hosts of users never reach the resolver that this machine trusts.
  expect(asked).toEqual([
    ['a', true],
    ['b', false],
    ['c', false],
  ]);
});

test('connections that open together share an answer, and later ones ask again', async () => {
  const { judge, asked } = guarded({ a: ['8.8.8.8'] });
  await Promise.all([judge('a'), judge('a'), judge('a')]);
  expect(asked).toHaveLength(1);
  await judge('a');
  expect(asked).toHaveLength(2);
});
