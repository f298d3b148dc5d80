import type { Framing } from '../profile/byte-profile.ts';
import { compileCheck } from './check.ts';
import { bytesOf } from './hex.ts';

export type Direction = 'fromReader' | 'toReader';

/** Why bytes were thrown away. */
export type DiscardReason = 'JUNK' | 'BAD_LENGTH' | 'BAD_END' | 'BAD_CHECKSUM' | 'TRUNCATED';

/** What stands at the head of `bytes`: a frame of `size`, too little to tell, or no frame. `size` of a bad one is what it claimed. */
export type Verdict =
  | { readonly is: 'frame'; readonly size: number }
  | { readonly is: 'partial' }
  | { readonly is: 'bad'; readonly reason: DiscardReason; readonly size: number };

/** One framing of a profile, compiled for one direction. */
export type CompiledFraming = {
  readonly name: string;
  readonly maximum: number;
  /** Judges the bytes from `at` to before `end`. */
  judge(bytes: Uint8Array, at: number, end: number): Verdict;
  /** A whole frame around `body`: what follows the start bytes, without length, check and end. */
  build(body: Uint8Array): Uint8Array;
  /** The part that reports and answers lay out; a view. */
  payload(frame: Uint8Array): Uint8Array;
  /** What `build` was given; a copy. */
  body(frame: Uint8Array): Uint8Array;
};

const PARTIAL: Verdict = { is: 'partial' };
const JUNK: Verdict = { is: 'bad', reason: 'JUNK', size: 1 };
const BAD_LENGTH: Verdict = { is: 'bad', reason: 'BAD_LENGTH', size: 1 };
const BAD_END: Verdict = { is: 'bad', reason: 'BAD_END', size: 1 };

/** Compiles a framing. Length wins over the end bytes: those also occur inside EPCs. */
export function compileFraming(framing: Framing, direction: Direction): CompiledFraming {
  const { length } = framing;
  const start = bytesOf(framing.start ?? '');
  const end = bytesOf(framing.end ?? '');
  const add = length.add[direction];
  const checks = framing.checks.map(compileCheck);
  const guards = (framing.guards ?? []).map(({ at, in: allowed }) => ({
    at,
    in: new Set(allowed.map((hex) => bytesOf(hex)[0])),
  }));
  const little = length.endian === 'little';
  const sizeOf = (bytes: Uint8Array, at: number) => {
    const first = bytes[at + length.at] ?? 0;
    if (length.size === 1) return first + add;
    const second = bytes[at + length.at + 1] ?? 0;
    return (little ? second * 256 + first : first * 256 + second) + add;
  };
  const checkBytes = framing.checks.reduce((sum, check) => sum + (check.algorithm === 'crc16' ? 2 : 1), 0);

  return {
    name: framing.name,
    maximum: framing.maximum,
    judge: (bytes, at, until) => {
      const there = until - at;
      for (let i = 0; i < start.length && i < there; i++) if (bytes[at + i] !== start[i]) return JUNK;
      for (const guard of guards) if (guard.at < there && !guard.in.has(bytes[at + guard.at])) return JUNK;
      if (there < length.at + length.size) return PARTIAL;
      const size = sizeOf(bytes, at);
      if (size < framing.minimum || size > framing.maximum) return BAD_LENGTH;
      if (there < size) return PARTIAL;
      for (let i = 0; i < end.length; i++) if (bytes[at + size - end.length + i] !== end[i]) return BAD_END;
      const frame = bytes.subarray(at, at + size);
      return checks.every((check) => check.holds(frame))
        ? { is: 'frame', size }
        : { is: 'bad', reason: 'BAD_CHECKSUM', size };
    },
    build: (body) => {
      const before = length.at - start.length;
      const frame = new Uint8Array(start.length + body.length + length.size + checkBytes + end.length);
      frame.set(start);
      frame.set(body.subarray(0, before), start.length);
      frame.set(body.subarray(before), length.at + length.size);
      frame.set(end, frame.length - end.length);
      const announced = frame.length - add;
      const high = announced >> 8;
      const low = announced & 0xff;
      frame.set(length.size === 1 ? [low] : little ? [low, high] : [high, low], length.at);
      for (const check of checks) check.write(frame);
      return frame;
    },
    payload: (frame) => frame.subarray(framing.payload.from, frame.length + framing.payload.to),
    body: (frame) => {
      const tail = frame.length - end.length - checkBytes;
      return Uint8Array.from([
        ...frame.subarray(start.length, length.at),
        ...frame.subarray(length.at + length.size, tail),
      ]);
    },
  };
}
