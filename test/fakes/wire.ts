/**
 * Frames as the protocol reference writes them, made bit by bit and by hand: the tests' own second opinion. Nothing of the
 * code under test and nothing of a profile is used here.
 */

export type Bytes = readonly number[];

export const hexOf = (bytes: Bytes | Uint8Array): string =>
  Buffer.from(Uint8Array.from(bytes)).toString('hex').toUpperCase();
export const bytesOf = (hex: string): number[] => [...Buffer.from(hex.replaceAll(' ', ''), 'hex')];
export const be16 = (value: number): Bytes => [(value >> 8) & 0xff, value & 0xff];
export const le16 = (value: number): Bytes => [value & 0xff, (value >> 8) & 0xff];
export const be24 = (value: number): Bytes => [(value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff];
export const be32 = (value: number): Bytes => [(value >>> 24) & 0xff, ...be24(value & 0xffffff)];
export const le32 = (value: number): Bytes => [...be32(value)].reverse();

export const sum8 = (bytes: Bytes | Uint8Array): number => [...bytes].reduce((total, byte) => (total + byte) & 0xff, 0);
export const neg8 = (bytes: Bytes | Uint8Array): number => (0x100 - sum8(bytes)) & 0xff;
export const xor8 = (bytes: Bytes | Uint8Array): number => [...bytes].reduce((total, byte) => total ^ byte, 0);

function bitsOf(bytes: Bytes | Uint8Array): number[] {
  return [...bytes].flatMap((byte) => Array.from({ length: 8 }, (_, i) => (byte >> (7 - i)) & 1));
}

/** CRC-16 of polynomial 1021: each bit enters at the top … */
export function crc16(bytes: Bytes | Uint8Array, init = 0xffff): number {
  let register = init;
  for (const bit of bitsOf(bytes)) {
    register = ((register >> 15) ^ bit) === 1 ? ((register << 1) ^ 0x1021) & 0xffff : (register << 1) & 0xffff;
  }
  return register;
}

/** … or at the bottom, with no zero bits behind the message (Mercury) … */
export function crc16FromBelow(bytes: Bytes | Uint8Array): number {
  let register = 0xffff;
  for (const bit of bitsOf(bytes)) {
    register = ((register << 1) & 0xffff) ^ bit ^ (register >> 15 === 1 ? 0x1021 : 0);
  }
  return register;
}

/** … or everything mirrored (Chafon). */
export function crc16Mirrored(bytes: Bytes | Uint8Array): number {
  let register = 0xffff;
  for (const byte of bytes) {
    register ^= byte;
    for (let i = 0; i < 8; i++) register = (register & 1) === 1 ? (register >> 1) ^ 0x8408 : register >> 1;
  }
  return register;
}

/** CRC-8 of polynomial 31, as MACH1 has it. */
export function crc8(bytes: Bytes | Uint8Array): number {
  let register = 0;
  for (const bit of bitsOf(bytes)) {
    register = ((register >> 7) ^ bit) === 1 ? ((register << 1) ^ 0x31) & 0xff : (register << 1) & 0xff;
  }
  return register;
}

/** PC and EPC of a tag, the PC's length bits counting the EPC's words. */
export function pcEpc(epc: string, low = 0): Bytes {
  return [...be16(((epc.length / 4) << 11) | low), ...bytesOf(epc)];
}

/** PC, EPC and the CRC that the tag itself sends [Gen2 6.3.1.5]. */
export function pcEpcCrc(block: Bytes): Bytes {
  return [...block, ...be16(crc16(block) ^ 0xffff)];
}

export function mercury(op: number, status: number, data: Bytes): Bytes {
  const body = [data.length, op, ...be16(status), ...data];
  return [0xff, ...body, ...be16(crc16FromBelow(body))];
}

export function m100(
  type: number,
  command: number,
  parameters: Bytes,
  [start, end]: readonly [number, number] = [0xbb, 0x7e],
): Bytes {
  const body = [type, command, ...be16(parameters.length), ...parameters];
  return [start, ...body, sum8(body), end];
}

export function chafon(address: number, command: number, data: Bytes): Bytes {
  const body = [data.length + 4, address, command, ...data];
  return [...body, ...le16(crc16Mirrored(body))];
}

/** The status is the first byte of `data`. */
export function prime(address: number, command: number, data: Bytes): Bytes {
  const body = [0xcf, address, ...be16(command), data.length, ...data];
  return [...body, ...be16(crc16Mirrored(body))];
}

/** Either of the two headers; the length counts the whole frame. */
export function chainway(command: number, data: Bytes, head: Bytes = [0xa5, 0x5a]): Bytes {
  const body = [...be16(data.length + 8), command, ...data];
  return [...head, ...body, xor8(body), 0x0d, 0x0a];
}

/** A MACH1 frame from the reader; `stamp` is two words of time. */
export function mach1(header: number, message: number, data: Bytes, stamp: Bytes = []): Bytes {
  const body = [0xef, header, message, ...be16(data.length), ...stamp, ...data];
  return [...body, crc8(body)];
}

export function a0(address: number, command: number, data: Bytes): Bytes {
  const body = [0xa0, data.length + 3, address, command, ...data];
  return [...body, neg8(body)];
}

export function swct(address: number, command: number, status: number, data: Bytes): Bytes {
  const body = [0x43, 0x54, ...be16(data.length + 4), address, command, status, ...data];
  return [...body, neg8(body)];
}

export function nur(flags: number, command: number, data: Bytes): Bytes {
  const head = [0xa5, ...le16(data.length + 3), ...le16(flags)];
  return [...head, xor8(head) ^ 0xff, command, ...data, ...le16(crc16([command, ...data]))];
}

export function pn532(data: Bytes): Bytes {
  return [0, 0, 0xff, data.length, neg8([data.length]), ...data, neg8(data), 0];
}

/** A frame whose length has two bytes. */
export function pn532Extended(data: Bytes): Bytes {
  const length = be16(data.length);
  return [0, 0, 0xff, 0xff, 0xff, ...length, neg8(length), ...data, neg8(data), 0];
}

/** `control` is the word before the message id; 00 01 12 announces what a module says of its own accord. */
export function module5a(control: Bytes, message: number, data: Bytes): Bytes {
  const body = [...control, message, ...be16(data.length), ...data];
  return [0x5a, ...body, ...be16(crc16(body, 0))];
}

/** Ten hex digits and their check between STX and ETX; `tail` stands before the ETX. */
export function em4100(id: string, tail: Bytes = []): Bytes {
  const text = id + hexOf([xor8(bytesOf(id))]);
  return [2, ...Buffer.from(text, 'latin1'), ...tail, 3];
}
