import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressGroup } from '../../../src/kit/index.ts';

test.each([
  ['192.168.1.7', '192.168.1.7'],
  ['::ffff:192.168.1.7', '192.168.1.7'],
  ['::FFFF:c0a8:107', '192.168.1.7'],
  ['0:0:0:0:0:ffff:10.0.0.1', '10.0.0.1'],
  ['::1', '::1'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:DB8:0:0:ffff:ffff:ffff:ffff', '2001:db8:0:0::/64'],
  ['2001:db8:0:1::1', '2001:db8:0:1::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['64:ff9b::192.0.2.33', '64:ff9b:0:0::/64'],
])('%s counts as %s', (address, group) => {
  expect(addressGroup(address)).toBe(group);
});

test('an address that is none, or has gone, is null', () => {
  expect([undefined, '', 'localhost', '1.2.3'].map(addressGroup)).toEqual([null, null, null, null]);
});

test('all addresses of one /64 count as one, those of the next as another', () => {
  const group = fc.integer({ min: 0, max: 0xffff }).map((n) => n.toString(16));
  const four = fc.tuple(group, group, group, group);
  fc.assert(
    fc.property(four, four, four, (net, one, other) => {
      const [a, b] = [one, other].map((host) => addressGroup(`2001:${[...net.slice(1), ...host].join(':')}`));
      expect(a).toBe(b);
      expect(addressGroup(`2002:${[...net.slice(1), ...one].join(':')}`)).not.toBe(a);
    }),
  );
});
