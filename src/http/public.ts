import { BlockList, isIP } from 'node:net';

/** Which addresses are of the internet, and which are of this machine, of private networks, or of nobody. */

const notPublic4 = new BlockList();
for (const [net, bits] of [
  // This network, private networks, carriers' own networks, this machine, link-local (where clouds tell secrets of the machine).
  ...([
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
    ['172.16.0.0', 12],
    ['192.168.0.0', 16],
  ] as const),
  // Protocols, documentation, benchmarks, relays that are gone, many at once, reserved and broadcast.
  ...([
    ['192.0.0.0', 24],
    ['192.0.2.0', 24],
    ['192.88.99.0', 24],
    ['198.18.0.0', 15],
    ['198.51.100.0', 24],
    ['203.0.113.0', 24],
    ['224.0.0.0', 4],
    ['240.0.0.0', 4],
  ] as const),
]) {
  notPublic4.addSubnet(net, bits, 'ipv4');
}

// Of IPv6, what is not here is not public: this machine, fc00::/7, fe80::/10, ff00::/8...
const public6 = new BlockList();
public6.addSubnet('2000::', 3, 'ipv6');
const notPublic6 = new BlockList();
// Protocols and Teredo; documentation twice; 6to4, which has an IPv4 address inside.
for (const [net, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  notPublic6.addSubnet(net, bits, 'ipv6');
}

/** The eight groups of an IPv6 address. */
const groupsOf = (address: string): readonly number[] => {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const [, start, ...bytes] = dotted ?? [];
  const [a, b, c, d] = bytes.map(Number);
  const text = start === undefined ? address : `${start}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  const [before, after] = text.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const zeros = after === undefined ? [] : Array<string>(8 - before.length - after.length).fill('0');
  return [...before, ...zeros, ...(after ?? [])].map((group) => Number.parseInt(group, 16));
};

// An IPv4 address follows: as IPv6 writes it, and as NAT64 has it where there is no IPv4.
const carriers: readonly (readonly number[])[] = [
  [0, 0, 0, 0, 0, 0xffff],
  [0x64, 0xff9b, 0, 0, 0, 0],
];

/** The IPv4 address in an IPv6 address that stands for it. */
const carried = (address: string): string | undefined => {
  const groups = groupsOf(address);
  if (!carriers.some((carrier) => carrier.every((group, index) => groups[index] === group))) return undefined;
  return groups
    .slice(6)
    .flatMap((group) => [group >> 8, group & 0xff])
    .join('.');
};

/** Whether an IP address is one of the internet. What is none is not. */
export const isPublic = (address: string): boolean => {
  const [bare] = address.split('%');
  const family = isIP(bare);
  if (family === 4) return !notPublic4.check(bare, 'ipv4');
  if (family !== 6) return false;
  const inside = carried(bare);
  if (inside !== undefined) return isPublic(inside);
  return public6.check(bare, 'ipv6') && !notPublic6.check(bare, 'ipv6');
};
