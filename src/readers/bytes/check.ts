import type { Check } from '../profile/byte-profile.ts';

/** A compiled check: puts its value into a frame, or tells whether the frame carries the right one. */
export type CompiledCheck = {
  holds(frame: Uint8Array): boolean;
  write(frame: Uint8Array): void;
};

type Sum = (frame: Uint8Array, from: number, to: number) => number;

/** Compiles one check of a profile. Offsets below 0 count from the end of the frame. */
export function compileCheck(check: Check): CompiledCheck {
  const sum = sums[check.algorithm](check);
  const size = check.algorithm === 'crc16' ? 2 : 1;
  const little = check.endian === 'little';
  const valueIn = (frame: Uint8Array) => sum(frame, absolute(frame, check.from), absolute(frame, check.to));
  const high = little ? 1 : 0;
  return {
    holds: (frame) => {
      const at = absolute(frame, check.at);
      const value = valueIn(frame);
      if (size === 1) return frame[at] === value;
      return frame[at + high] === value >> 8 && frame[at + 1 - high] === (value & 0xff);
    },
    write: (frame) => {
      const at = absolute(frame, check.at);
      const value = valueIn(frame);
      if (size === 1) frame[at] = value;
      else {
        frame[at + high] = value >> 8;
        frame[at + 1 - high] = value & 0xff;
      }
    },
  };
}

function absolute(frame: Uint8Array, offset: number): number {
  return offset < 0 ? frame.length + offset : offset;
}

const sums: Record<Check['algorithm'], (check: Check) => Sum> = {
  sum8: () => (frame, from, to) => fold(frame, from, to, (sum, byte) => (sum + byte) & 0xff),
  neg8: () => (frame, from, to) => -fold(frame, from, to, (sum, byte) => (sum + byte) & 0xff) & 0xff,
  xor8: () => (frame, from, to) => fold(frame, from, to, (sum, byte) => sum ^ byte),
  crc16: ({ poly = 0x1021, init = 0xffff, reflected = false, xorOut = 0 }) => {
    const table = crcTable(poly, reflected);
    return (frame, from, to) => {
      let crc = init;
      for (let i = from; i < to; i++) {
        const byte = frame[i] ?? 0;
        crc = reflected
          ? (crc >> 8) ^ (table[(crc ^ byte) & 0xff] ?? 0)
          : ((crc << 8) & 0xffff) ^ (table[(crc >> 8) ^ byte] ?? 0);
      }
      return crc ^ xorOut;
    };
  },
};

function fold(frame: Uint8Array, from: number, to: number, step: (sum: number, byte: number) => number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum = step(sum, frame[i] ?? 0);
  return sum;
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
