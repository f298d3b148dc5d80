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
  const checks = framing.checks.map(compileCheck);
  const checkBytes = framing.checks.reduce((sum, check) => sum + (check.algorithm === 'crc16' ? 2 : 1), 0);
  const announced = lengthField(length, direction);
  const opens = compileOpening(start, framing.guards ?? []);
  const fits = (size: number) => size >= framing.minimum && size <= framing.maximum;
  const holds = (frame: Uint8Array) => checks.every((check) => check.holds(frame));
  const closes = (bytes: Uint8Array, until: number) => end.every((byte, i) => bytes[until - end.length + i] === byte);

  return {
    name: framing.name,
    maximum: framing.maximum,
    judge: (bytes, at, until) => {
      if (!opens(bytes, at, until)) return JUNK;
      if (until - at < length.at + length.size) return PARTIAL;
      const size = announced.read(bytes, at);
      if (!fits(size)) return BAD_LENGTH;
      if (until - at < size) return PARTIAL;
      if (!closes(bytes, at + size)) return BAD_END;
      return holds(bytes.subarray(at, at + size)) ? { is: 'frame', size } : { is: 'bad', reason: 'BAD_CHECKSUM', size };
    },
    build: (body) => {
      const before = length.at - start.length;
      const frame = new Uint8Array(start.length + body.length + length.size + checkBytes + end.length);
      frame.set(start);
      frame.set(body.subarray(0, before), start.length);
      frame.set(body.subarray(before), length.at + length.size);
      frame.set(end, frame.length - end.length);
      announced.write(frame);
      for (const check of checks) check.write(frame);
      return frame;
    },
    payload: (frame) => frame.subarray(framing.payload.from, frame.length + framing.payload.to),
    body: (frame) => {
      const head = frame.subarray(start.length, length.at);
      const tail = frame.subarray(length.at + length.size, frame.length - end.length - checkBytes);
      return Uint8Array.from([...head, ...tail]);
    },
  };
}

/** Reads and writes the size of the whole frame; the field itself leaves some bytes out, other ones per direction. */
function lengthField({ at: offset, size, endian, add }: Framing['length'], direction: Direction) {
  const [high, low] = endian === 'little' ? [1, 0] : [0, 1];
  const rest = add[direction];
  return {
    read: (bytes: Uint8Array, at: number) => {
      const field = at + offset;
      if (size === 1) return (bytes[field] ?? 0) + rest;
      return (bytes[field + high] ?? 0) * 256 + (bytes[field + low] ?? 0) + rest;
    },
    write: (frame: Uint8Array) => {
      const told = frame.length - rest;
      if (size === 2) frame[offset + high] = told >> 8;
      frame[offset + (size === 2 ? low : 0)] = told & 0xff;
    },
  };
}

/** Whether the bytes that are there can begin a frame: start bytes and early header checks. */
function compileOpening(start: Uint8Array, guards: NonNullable<Framing['guards']>) {
  const allowed = guards.map(({ at, in: values }) => ({ at, values: new Set(values.map((hex) => bytesOf(hex)[0])) }));
  return (bytes: Uint8Array, at: number, until: number) => {
    for (let i = 0; i < start.length && at + i < until; i++) if (bytes[at + i] !== start[i]) return false;
    return allowed.every((guard) => at + guard.at >= until || guard.values.has(bytes[at + guard.at]));
  };
}
