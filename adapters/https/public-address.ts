import { BlockList, isIP } from 'node:net';

/** What is no address of one host on the internet, by the IANA special-purpose registries, with the reason where the name says little. */
const SPECIAL = {
  ipv4: [
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10], // shared by carriers; a cloud has its metadata there
    ['127.0.0.0', 8],
    ['168.63.129.16', 32], // a cloud's own services to its machines
    ['169.254.0.0', 16], // link-local, and the metadata of most clouds
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.0.2.0', 24],
    ['192.88.99.0', 24],
    ['192.168.0.0', 16],
    ['198.18.0.0', 15],
    ['198.51.100.0', 24],
    ['203.0.113.0', 24],
    ['224.0.0.0', 3], // multicast, reserved, broadcast
  ],
  ipv6: [
    ['2001::', 23], // Teredo, which has an IPv4 address in it, and others
    ['2001:db8::', 32],
    ['2002::', 16], // 6to4, which has an IPv4 address in it
    ['3fff::', 20],
  ],
} as const;

/** All that is public of IPv6 is in here; neither loopback, unique-local nor IPv4-mapped addresses are. */
const GLOBAL_UNICAST = new BlockList();
GLOBAL_UNICAST.addSubnet('2000::', 3, 'ipv6');

const special = new BlockList();
for (const [net, prefix] of SPECIAL.ipv4) special.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of SPECIAL.ipv6) special.addSubnet(net, prefix, 'ipv6');

/** Tells whether an address is one of the internet's, which anyone could reach. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !special.check(address, 'ipv4');
  // Behind a % stands an interface of this machine.
  if (family !== 6 || address.includes('%')) return false;
  return GLOBAL_UNICAST.check(address, 'ipv6') && !special.check(address, 'ipv6');
}
