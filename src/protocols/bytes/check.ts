import type { Check } from '../vocabulary/framing-profile.ts';

/** A compiled check: puts its value into a frame, or tells whether the frame carries the right one. */
export type CompiledCheck = {
  holds(frame: Uint8Array): boolean;
  write(frame: Uint8Array): void;
};

type Sum = (frame: Uint8Array, from: number, to: number) => number;

/** Bytes that the check's value takes in a frame. */
export function checkSize({ algorithm, asciiHex = false }: Check): number {
  return algorithm === 'crc16' || asciiHex ? 2 : 1;
}

/** Compiles one check of a profile. Offsets below 0 count from the end of the frame. */
export function compileCheck(check: Check): CompiledCheck {
  const sum = sums[check.algorithm](check);
  const valueIn = (frame: Uint8Array) => sum(frame, absolute(frame, check.from), absolute(frame, check.to));
  if (check.asciiHex === true) return asciiCheck(check, sum);
  const high = check.endian === 'little' ? 1 : 0;
  const wide = checkSize(check) === 2;
  return {
    holds: (frame) => {
      const at = absolute(frame, check.at);
      const value = valueIn(frame);
      if (!wide) return frame[at] === value;
      return frame[at + high] === value >> 8 && frame[at + 1 - high] === (value & 0xff);
    },
    write: (frame) => {
      const at = absolute(frame, check.at);
      const value = valueIn(frame);
      if (!wide) frame[at] = value;
      else {
        frame[at + high] = value >> 8;
        frame[at + 1 - high] = value & 0xff;
      }
    },
  };
}

/** A check over bytes that are written as pairs of hex digits, as its value is. */
function asciiCheck(check: Check, sum: Sum): CompiledCheck {
  const valueIn = (frame: Uint8Array) => {
    const bytes = bytesOfDigits(frame, absolute(frame, check.from), absolute(frame, check.to));
    return bytes === null ? null : sum(bytes, 0, bytes.length);
  };
  return {
    holds: (frame) => {
      const at = absolute(frame, check.at);
      const value = valueIn(frame);
      return value !== null && bytesOfDigits(frame, at, at + 2)?.[0] === value;
    },
    write: (frame) => {
      const digits = (valueIn(frame) ?? 0).toString(16).toUpperCase().padStart(2, '0');
      frame.set(Buffer.from(digits, 'latin1'), absolute(frame, check.at));
    },
  };
}

/** null where a character is no hex digit. */
function bytesOfDigits(frame: Uint8Array, from: number, to: number): Uint8Array | null {
  const bytes = new Uint8Array((to - from) >> 1);
  for (let i = 0; i < bytes.length; i++) {
    const high = digitOf(frame[from + 2 * i]);
    const low = digitOf(frame[from + 2 * i + 1]);
    if (high < 0 || low < 0) return null;
    bytes[i] = high * 16 + low;
  }
  return bytes;
}

function digitOf(code = 0): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code & 0xdf;
  return letter >= 0x41 && letter <= 0x46 ? letter - 0x37 : -1;
}

function absolute(frame: Uint8Array, offset: number): number {
  return offset < 0 ? frame.length + offset : offset;
}

const sums: Record<Check['algorithm'], (check: Check) => Sum> = {
  sum8: ({ init = 0, xorOut = 0 }) => {
    return (frame, from, to) => (fold(frame, from, to, init, (sum, byte) => sum + byte) ^ xorOut) & 0xff;
  },
  neg8: ({ init = 0, xorOut = 0 }) => {
    return (frame, from, to) => (-fold(frame, from, to, init, (sum, byte) => sum + byte) ^ xorOut) & 0xff;
  },
  xor8: ({ init = 0, xorOut = 0 }) => {
    return (frame, from, to) => (fold(frame, from, to, init, (sum, byte) => sum ^ byte) ^ xorOut) & 0xff;
  },
  crc8: ({ poly = 0x31, init = 0, xorOut = 0 }) => {
    const table = crc8Table(poly & 0xff);
    return (frame, from, to) => fold(frame, from, to, init, (crc, byte) => table[(crc ^ byte) & 0xff] ?? 0) ^ xorOut;
  },
  crc16: ({ poly = 0x1021, init = 0xffff, reflected = false, augmented = true, xorOut = 0 }) => {
    const step = crcStep(crcTable(poly, reflected), reflected, augmented);
    return (frame, from, to) => fold(frame, from, to, init, step) ^ xorOut;
  },
};

/** One byte into the register: at its low end when the message is not augmented, else as if zero bits followed. */
function crcStep(table: Uint16Array, reflected: boolean, augmented: boolean): (crc: number, byte: number) => number {
  if (reflected) return (crc, byte) => (crc >> 8) ^ (table[(crc ^ byte) & 0xff] ?? 0);
  if (augmented) return (crc, byte) => ((crc << 8) & 0xffff) ^ (table[(crc >> 8) ^ byte] ?? 0);
  return (crc, byte) => (((crc << 8) & 0xffff) | byte) ^ (table[crc >> 8] ?? 0);
}

function fold(
  frame: Uint8Array,
  from: number,
  to: number,
  init: number,
  step: (sum: number, byte: number) => number,
): number {
  let sum = init;
  for (let i = from; i < to; i++) sum = step(sum, frame[i] ?? 0);
  return sum;
}

/** Not reflected: each bit enters at the top. */
function crc8Table(poly: number): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, index) => {
    let crc = index;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80 ? ((crc << 1) & 0xff) ^ poly : crc << 1;
    return crc;
  });
}

/** `poly` is given unreflected, as the catalogues print it; a reflected CRC uses its mirror image. */
function crcTable(poly: number, reflected: boolean): Uint16Array {
  const mirrored = mirror16(poly);
  const right = (crc: number) => (crc & 1 ? (crc >> 1) ^ mirrored : crc >> 1);
  const left = (crc: number) => (crc & 0x8000 ? ((crc << 1) & 0xffff) ^ poly : crc << 1);
  return Uint16Array.from({ length: 256 }, (_, index) => {
    let crc = reflected ? index : index << 8;
    for (let bit = 0; bit < 8; bit++) crc = reflected ? right(crc) : left(crc);
    return crc;
  });
}

function mirror16(value: number): number {
  let mirrored = 0;
  for (let bit = 0; bit < 16; bit++) if (value & (1 << bit)) mirrored |= 1 << (15 - bit);
  return mirrored;
}
