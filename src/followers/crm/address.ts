import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import { failure, fault, type GatewayError } from '../../kit/index.ts';

/** What an IP address is good for: the open Internet, the own network, or nothing that a CRM could live at. */
export type AddressKind = 'public' | 'private' | 'reserved';

const own = listOf(
  [
    ['127.0.0.0', 8],
    ['10.0.0.0', 8],
    ['172.16.0.0', 12],
    ['192.168.0.0', 16],
    ['100.64.0.0', 10],
  ],
  [
    ['::1', 128],
    ['fc00::', 7],
  ],
);

// RFC 6890 special purposes; 169.254.169.254 is where clouds keep credentials; ::/96 hides 127.0.0.1 as [::127.0.0.1].
const reserved = listOf(
  [
    ['0.0.0.0', 8],
    ['169.254.0.0', 16],
    ['192.0.0.0', 24],
    ['192.0.2.0', 24],
    ['192.88.99.0', 24],
    ['198.18.0.0', 15],
    ['198.51.100.0', 24],
    ['203.0.113.0', 24],
    ['224.0.0.0', 3],
  ],
  [
    ['::', 96],
    ['64:ff9b::', 96],
    ['64:ff9b:1::', 48],
    ['100::', 64],
    ['2001::', 23],
    ['2001:db8::', 32],
    ['2002::', 16],
    ['fe80::', 10],
    ['fec0::', 10],
    ['ff00::', 8],
  ],
);

/** The kind of an IP address, IPv4 mapped into IPv6 included; null for a host name. */
export function addressKind(host: string): AddressKind | null {
  const version = isIP(host);
  if (version === 0) return null;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  if (own.check(host, family)) return 'private';
  return reserved.check(host, family) ? 'reserved' : 'public';
}

/** Which kinds of address a destination's host name may resolve to. */
export type AddressRule = { readonly public: boolean; readonly private: boolean };

type Resolve = (
  host: string,
  options: LookupOptions & { all: true },
  done: (e: Error | null, a: LookupAddress[]) => void,
) => void;
type Done = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

/**
 * A `lookup` for sockets that checks every answer before one is connected to, so that a name cannot be rebound between
 * check and connection. Fails closed with DESTINATION_UNAVAILABLE.
 */
export function guardedLookup(rule: AddressRule, resolve: Resolve = lookup) {
  return (host: string, options: LookupOptions, done: Done): void => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      const first = addresses?.[0];
      if (error !== null || first === undefined) return done(error ?? new Error(`no address for ${host}`), []);
      const bad = addresses.find(({ address }) => !allowed(rule, addressKind(address)));
      if (bad !== undefined) return done(refusal(host, bad.address), []);
      if (options.all === true) done(null, addresses);
      else done(null, first.address, first.family);
    });
  };
}

function allowed(rule: AddressRule, kind: AddressKind | null): boolean {
  return kind !== null && kind !== 'reserved' && rule[kind];
}

function refusal(host: string, address: string): GatewayError {
  return failure(fault(refusals[addressKind(address) ?? 'reserved'], { host, address }));
}

const refusals = {
  private: 'CRM_ADDRESS_PRIVATE',
  public: 'CRM_ADDRESS_PUBLIC',
  reserved: 'CRM_ADDRESS_RESERVED',
} as const;

function listOf(v4: readonly (readonly [string, number])[], v6: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [net, prefix] of v4) list.addSubnet(net, prefix, 'ipv4');
  for (const [net, prefix] of v6) list.addSubnet(net, prefix, 'ipv6');
  return list;
}
