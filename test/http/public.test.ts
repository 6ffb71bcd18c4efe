import { describe, expect, it } from 'vitest';
import { publicLookup } from '../../src/http/exchange.js';
import { isPublic } from '../../src/http/public.js';

// For each range that is not of the internet: the address before it, its first, its last, and the one after it.
const RANGES = [
  ['this network', undefined, '0.0.0.0', '0.255.255.255', '1.0.0.0'],
  ['private, 10/8', '9.255.255.255', '10.0.0.0', '10.255.255.255', '11.0.0.0'],
  ["carriers' own", '100.63.255.255', '100.64.0.0', '100.127.255.255', '100.128.0.0'],
  ['loopback', '126.255.255.255', '127.0.0.0', '127.255.255.255', '128.0.0.0'],
  ['link-local', '169.253.255.255', '169.254.0.0', '169.254.255.255', '169.255.0.0'],
  ['private, 172.16/12', '172.15.255.255', '172.16.0.0', '172.31.255.255', '172.32.0.0'],
  ['protocols', '191.255.255.255', '192.0.0.0', '192.0.0.255', '192.0.1.0'],
  ['documentation 1', '192.0.1.255', '192.0.2.0', '192.0.2.255', '192.0.3.0'],
  ['6to4 relays', '192.88.98.255', '192.88.99.0', '192.88.99.255', '192.88.100.0'],
  ['private, 192.168/16', '192.167.255.255', '192.168.0.0', '192.168.255.255', '192.169.0.0'],
  ['benchmarks', '198.17.255.255', '198.18.0.0', '198.19.255.255', '198.20.0.0'],
  ['documentation 2', '198.51.99.255', '198.51.100.0', '198.51.100.255', '198.51.101.0'],
  ['documentation 3', '203.0.112.255', '203.0.113.0', '203.0.113.255', '203.0.114.0'],
  ['many at once, reserved, broadcast', '223.255.255.255', '224.0.0.0', '255.255.255.255', undefined],
  ['all below 2000::/3', undefined, '::', '1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '2000::'],
  ['protocols and Teredo', '2000:ffff::', '2001::', '2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff', '2001:200::'],
  ['documentation 4', '2001:db7:ffff::', '2001:db8::', '2001:db8:ffff::', '2001:db9::'],
  ['6to4', '2001:ffff::', '2002::', '2002:ffff:ffff::', '2003::'],
  ['documentation 5', '3ffe:ffff::', '3fff::', '3fff:fff:ffff::', '3fff:1000::'],
  ['all above 2000::/3', '3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '4000::', 'ffff::', undefined],
] as const;

describe('an address that a hostile name leads to', () => {
  it.each(RANGES)('is not of the internet: %s', (_, before, first, last, after) => {
    expect([first, last].map(isPublic)).toEqual([false, false]);
    for (const outside of [before, after]) if (outside !== undefined) expect(isPublic(outside)).toBe(true);
  });

  it.each([
    ...['169.254.169.254', '::1', '::', 'fe80::1', 'fe80::1%eth0', 'fc00::1', 'fdff::1', 'fec0::1', 'ff02::1'],
    // What tells a machine of Amazon its secrets by IPv6.
    'fd00:ec2::254',
    // An IPv4 address in another form of writing: mapped, compatible, NAT64, NAT64 of a network's own, 6to4.
    ...['::ffff:127.0.0.1', '::ffff:7f00:1', '0:0:0:0:0:ffff:a9fe:a9fe', '::127.0.0.1', '64:ff9b::10.0.0.1'],
    ...['64:ff9b::a9fe:a9fe', '64:ff9b:1::1', '2002:7f00:1::', '::ffff:0:127.0.0.1'],
    // None at all.
    ...['', 'localhost', '127.1', '2130706433', '1.2.3.4.5', ':::'],
  ])('is not of the internet: %s', (address) => {
    expect(isPublic(address)).toBe(false);
  });

  it.each(['8.8.8.8', '2606:4700::1111', '::ffff:8.8.8.8', '64:ff9b::8.8.8.8', '64:ff9b::808:808'])(
    'is of the internet: %s',
    (address) => {
      expect(isPublic(address)).toBe(true);
    },
  );
});

/** What is connected to where a name has these addresses, or the error. */
const lookedUp = (addresses: readonly string[], all: boolean) =>
  new Promise((resolve) => {
    const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    const system = (_: string, __: object, callback: (error: null, found: object) => void) => callback(null, found);
    publicLookup(system as never)('host', { all }, (error, address) => resolve(error?.message ?? address));
  });

describe('a name that is bound to an address of this machine once it was checked', () => {
  const refused = /^host is this machine, or one of a private network, .* add --allow-local if that is meant\.$/;

  it('leads nowhere: what is connected to is what was checked', async () => {
    expect(await lookedUp(['127.0.0.1'], false)).toMatch(refused);
    expect(await lookedUp(['127.0.0.1', '::1', '10.0.0.1'], true)).toMatch(refused);
    expect(await lookedUp([], true)).toMatch(refused);
  });

  it('leads to its addresses of the internet alone, where it has both', async () => {
    expect(await lookedUp(['127.0.0.1', '8.8.8.8'], false)).toBe('8.8.8.8');
    expect(await lookedUp(['8.8.8.8', '127.0.0.1', '2606:4700::1111'], true)).toEqual([
      { address: '8.8.8.8', family: 4 },
      { address: '2606:4700::1111', family: 6 },
    ]);
  });
});
