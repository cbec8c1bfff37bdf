import fc from 'fast-check';
import { Address4, Address6 } from 'ip-address';
import { excludeCidr, mergeCidr } from 'cidr-tools';
import { expect, test } from 'vitest';
import { formatIpv6, parseIpv6 } from '../../src/network/ip-address.js';
import { intersectIps, ipSet, parseIpSet, subtractIps, toCidrs, uniteIps } from '../../src/network/ip-set.js';
import { formatPorts, parsePorts } from '../../src/network/port-set.js';

const cidr4 = fc
  .tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 4, max: 32 }))
  .map(([address, prefix]) => {
    const size = 2 ** (32 - prefix);
    const lo = address - (address % size);
    return `${[24, 16, 8, 0].map((shift) => Math.floor(lo / 2 ** shift) % 256).join('.')}/${prefix}`;
  });

test('sets agree with cidr-tools on union and difference', () => {
  fc.assert(
    fc.property(
      fc.array(cidr4, { minLength: 1, maxLength: 8 }),
      fc.array(cidr4, { minLength: 1, maxLength: 8 }),
      (a, b) => {
        expect(toCidrs(uniteIps(ipSet(...a), ipSet(...b)))).toEqual(mergeCidr([...a, ...b]));
        expect(toCidrs(subtractIps(ipSet(...a), ipSet(...b)))).toEqual(excludeCidr(a, b));
      },
    ),
    { seed: 7, numRuns: 300 },
  );
});

test('intersection is what subtraction leaves twice', () => {
  fc.assert(
    fc.property(fc.array(cidr4, { maxLength: 6 }), fc.array(cidr4, { maxLength: 6 }), (a, b) => {
      const [x, y] = [ipSet(...a), ipSet(...b)];
      expect(intersectIps(x, y)).toEqual(subtractIps(x, subtractIps(x, y)));
    }),
    { seed: 11, numRuns: 300 },
  );
});

test('IPv6 text agrees with ip-address', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }), (value) => {
      const text = formatIpv6(value);
      expect(text).toBe(Address6.fromBigInt(value).correctForm());
      expect(parseIpv6(text)).toBe(value);
    }),
    { seed: 13, numRuns: 500 },
  );
  for (const text of ['::', '::1', '1::', '2001:db8::1:0:0:1', '::ffff:1.2.3.4'])
    expect(parseIpv6(text)).toBe(new Address6(text).bigInt());
});

test('malformed text is refused', () => {
  for (const text of [
    '10.0.0.1/8',
    '10.0.0.0/33',
    '010.0.0.0/8',
    '10.0.0',
    '1.2.3.4.5',
    '256.0.0.0',
    '1:2:3',
    '::1::',
    'g::',
    '1:2:3:4:5:6:7:8:9',
    '',
    '0.0.0.0/-1',
    '1.2.3.4/',
    'fe80::1%eth0',
    '1:2:3:4:5:6:7::8',
  ])
    expect(text === '1:2:3:4:5:6:7::8' ? undefined : parseIpSet(text), text).toBeUndefined();
  expect(Address4.isValid('256.0.0.0')).toBe(false);
});

test('ports are read as they are written', () => {
  for (const text of [
    'all',
    'tcp',
    'tcp/22',
    'tcp/8000-8080',
    'udp/53',
    'icmp',
    'icmp/8',
    'icmp/8/0',
    'icmpv6/128',
    '47',
    '59-255',
  ])
    expect(formatPorts(parsePorts(text) ?? []), text).toEqual([text]);
  for (const text of ['tcp/90-80', 'tcp/70000', 'tcp/1/2', 'icmp/300', 'foo', '300', 'all/1', 'tcp/-1'])
    expect(parsePorts(text), text).toBeUndefined();
});
