import { GatewayError } from '../kit/index.ts';

/** Writes numbers and texts as few bytes, one behind the other. Whole numbers are LEB128: 7 bits a byte, low ones first. */
export type ByteWriter = {
  /** 0 to 2^53. */
  count(value: number): void;
  /** A whole number of either sign. */
  signed(value: number): void;
  /** Any number; exact. Hundredths of up to four digits take two bytes. */
  decimal(value: number | null): void;
  text(value: string): void;
  /** Upper-case hex in half the bytes; any other text as it is. */
  hex(value: string): void;
  /** Everything written since `clear`. A view, which holds until then. */
  written(): Buffer;
  clear(): void;
};

const firstBytes = 1024;
/** Below it a number fits the fast bit operations. */
const small = 2 ** 31;

export function createByteWriter(): ByteWriter {
  let buffer = Buffer.allocUnsafe(firstBytes);
  let at = 0;
  const room = (more: number): void => {
    if (at + more <= buffer.length) return;
    const larger = Buffer.allocUnsafe(2 * (at + more));
    buffer.copy(larger, 0, 0, at);
    buffer = larger;
  };
  const count = (value: number): void => {
    room(8);
    let rest = value;
    for (; rest >= small; rest = Math.floor(rest / 128)) buffer[at++] = (rest % 128) | 128;
    for (; rest > 127; rest >>>= 7) buffer[at++] = (rest & 127) | 128;
    buffer[at++] = rest;
  };
  const text = (value: string): void => {
    const size = Buffer.byteLength(value);
    count(size);
    room(size);
    at += buffer.write(value, at);
  };
  return {
    count,
    signed: (value) => count(zigzag(value)),
    text,
    decimal: (value) => {
      if (value === null) return count(0);
      const hundredths = Math.round(value * 100);
      if (Math.abs(hundredths) < small && hundredths / 100 === value && !Object.is(value, -0))
        return count(2 + zigzag(hundredths));
      count(1);
      room(8);
      at = buffer.writeDoubleLE(value, at);
    },
    hex: (value) => {
      if (!isHex(value)) {
        count(1);
        return text(value);
      }
      count(value.length);
      room(value.length);
      at += buffer.write(value, at, 'hex');
    },
    written: () => buffer.subarray(0, at),
    clear: () => {
      at = 0;
    },
  };
}

/** Reads what a `ByteWriter` wrote; throws STORE_DAMAGED where that cannot be. */
export type ByteReader = {
  count(): number;
  signed(): number;
  decimal(): number | null;
  text(): string;
  hex(): string;
  /** Throws STORE_DAMAGED where something is left. */
  end(): void;
};

export function createByteReader(buffer: Buffer): ByteReader {
  let at = 0;
  const take = (size: number): number => {
    const from = at;
    at += size;
    if (at > buffer.length) throw damagedRow();
    return from;
  };
  const count = (): number => {
    let value = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = buffer[take(1)] ?? 0;
      value += (byte & 127) * unit;
      if (byte < 128) return value;
      if (unit > 2 ** 49) throw damagedRow();
    }
  };
  const text = (): string => {
    const size = count();
    const from = take(size);
    return buffer.toString('utf8', from, from + size);
  };
  return {
    count,
    text,
    signed: () => unzigzag(count()),
    decimal: () => {
      const form = count();
      if (form === 0) return null;
      return form === 1 ? buffer.readDoubleLE(take(8)) : unzigzag(form - 2) / 100;
    },
    hex: () => {
      const form = count();
      if (form === 1) return text();
      if (form % 2 !== 0) throw damagedRow();
      const from = take(form / 2);
      return buffer.toString('hex', from, from + form / 2).toUpperCase();
    },
    end: () => {
      if (at !== buffer.length) throw damagedRow();
    },
  };
}

/** STORE_DAMAGED for bytes that nothing of ours can have written. */
export function damagedRow(): GatewayError {
  return new GatewayError('STORE_DAMAGED', 'A row of the database is damaged: restore the last backup.', {});
}

function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

function unzigzag(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

function isHex(value: string): boolean {
  if (value.length % 2 !== 0) return false;
  for (let n = 0; n < value.length; n++) {
    const code = value.charCodeAt(n);
    if (!((code > 47 && code < 58) || (code > 64 && code < 71))) return false;
  }
  return true;
}
