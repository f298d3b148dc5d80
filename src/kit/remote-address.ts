import { isIPv4, isIPv6 } from 'node:net';

/**
 * Whom a remote address stands for, for limits that count by address: an IPv4 address itself, also where an IPv6 socket
 * shows it as `::ffff:…`; of IPv6 the /64 that one host or household has to choose from [RFC 6177], as `2001:db8:0:1::/64`.
 * Null where there is none, e.g. after the other side has gone.
 */
export function addressGroup(address: string | undefined): string | null {
  if (address === undefined) return null;
  if (isIPv4(address)) return address;
  if (!isIPv6(address)) return null;
  const groups = groupsOf(address);
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) return dotted(groups.slice(6));
  if (groups.slice(0, 7).every((group) => group === 0)) return `::${(groups[7] ?? 0).toString(16)}`;
  const [a, b, c, d] = groups.map((group) => group.toString(16));
  return `${a}:${b}:${c}:${d}::/64`;
}

/** The eight groups of an IPv6 address; its zone is left out. */
function groupsOf(address: string): number[] {
  const [plain = ''] = address.split('%');
  const [head = '', tail] = plain.split('::');
  const left = numbersOf(head);
  const right = numbersOf(tail ?? '');
  return [...left, ...Array.from({ length: 8 - left.length - right.length }, () => 0), ...right];
}

function numbersOf(part: string): number[] {
  if (part === '') return [];
  return part.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}

function dotted(groups: readonly number[]): string {
  return groups.flatMap((group) => [group >> 8, group & 0xff]).join('.');
}
