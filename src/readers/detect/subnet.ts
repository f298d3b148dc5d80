import { GatewayError } from '../../kit/index.ts';

/** IPv4 addresses that somebody named, without those that are nobody's: the net's own and its broadcast. */
export type Subnet = { readonly bits: number; readonly hosts: readonly string[] };

const LARGEST_BITS = 16;

/** Reads `10.0.0.0/24`, or one address. Throws REQUEST_INVALID for what is none, and for more than a /16. */
export function readSubnet(text: string): Subnet {
  const [, address = '', slash] = /^(\d{1,3}(?:\.\d{1,3}){3})(?:\/(\d{1,2}))?$/.exec(text) ?? [];
  const bytes = address.split('.').map(Number);
  const bits = slash === undefined ? 32 : Number(slash);
  if (bytes.length !== 4 || bytes.some((byte) => byte > 255) || bits > 32) {
    throw new GatewayError('REQUEST_INVALID', `${text} is no subnet: write it as 10.0.0.0/24.`);
  }
  if (bits < LARGEST_BITS) {
    throw new GatewayError('REQUEST_INVALID', `${text} is too large to be scanned: a /${LARGEST_BITS} at most.`);
  }
  const size = 2 ** (32 - bits);
  const value = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  const first = value - (value % size);
  const all = Array.from({ length: size }, (_, i) => dotted(first + i));
  return { bits, hosts: size > 2 ? all.slice(1, -1) : all };
}

function dotted(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}
