import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';

/**
 * Whether a request's Host header names this gateway. A page of another site whose name was turned to our address (DNS
 * rebinding) brings its own name and is refused. Allowed are this machine's names, the configured ones, and the very
 * address that the connection came in on.
 */
export function createHostCheck(
  listening: string,
  names: readonly string[],
): (header: string | undefined, localAddress: string | undefined) => boolean {
  const own = hostname().toLowerCase();
  const allowed = new Set(
    ['localhost', '127.0.0.1', '::1', own, `${own}.local`, listening, ...names].map((name) => name.toLowerCase()),
  );
  allowed.delete('0.0.0.0');
  allowed.delete('::');
  return (header, localAddress) => {
    const name = hostOf(header);
    return name !== null && (allowed.has(name) || (isIP(name) !== 0 && name === plainAddress(localAddress)));
  };
}

/** The host of a Host header in lower case, without port and brackets; null when it is none. */
function hostOf(header: string | undefined): string | null {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/.exec(header?.toLowerCase() ?? '');
  return match === null ? null : (match[1] ?? match[2] ?? null);
}

/** An IPv4 address that an IPv6 socket shows as `::ffff:1.2.3.4`, in its own form. */
function plainAddress(address: string | undefined): string | undefined {
  return address?.startsWith('::ffff:') ? address.slice(7) : address;
}

/** The host to print in a link: the listening one, or for "all addresses" this machine's first LAN address. */
export function reachableHost(listening: string): string {
  if (listening !== '0.0.0.0' && listening !== '::') return isIP(listening) === 6 ? `[${listening}]` : listening;
  const addresses = Object.values(networkInterfaces()).flatMap((entry) => entry ?? []);
  return addresses.find((entry) => entry.family === 'IPv4' && !entry.internal)?.address ?? '127.0.0.1';
}
