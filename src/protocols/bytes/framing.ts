import type { Check, Framing } from '../vocabulary/framing-profile.ts';
import { checkSize, compileCheck } from './check.ts';
import { bytesOf } from './hex.ts';

export type Direction = 'fromReader' | 'toReader';

/** Why bytes were thrown away. */
export type DiscardReason = 'JUNK' | 'BAD_LENGTH' | 'BAD_END' | 'BAD_CHECKSUM' | 'TRUNCATED';

/** What stands at the head of `bytes`: a frame of `size`, too little to tell, or no frame. `size` of a bad one is what it claimed. */
export type FrameHead =
  | { readonly is: 'frame'; readonly size: number }
  | { readonly is: 'partial' }
  | { readonly is: 'bad'; readonly reason: DiscardReason; readonly size: number };

/** One framing of a profile, compiled for one direction. */
export type CompiledFraming = {
  readonly name: string;
  readonly maximum: number;
  /** A frame of the line itself, never one to speak in. */
  readonly control: boolean;
  /** Judges the bytes from `at` to before `end`. */
  judge(bytes: Uint8Array, at: number, end: number): FrameHead;
  /** A whole frame around `body`: what follows the start bytes, without length, check and end. */
  build(body: Uint8Array): Uint8Array;
  /** The part that reports and answers lay out; a view. */
  payload(frame: Uint8Array): Uint8Array;
  /** What `build` was given; a copy. */
  body(frame: Uint8Array): Uint8Array;
};

const PARTIAL: FrameHead = { is: 'partial' };
const JUNK: FrameHead = { is: 'bad', reason: 'JUNK', size: 1 };
const BAD_LENGTH: FrameHead = { is: 'bad', reason: 'BAD_LENGTH', size: 1 };
const BAD_END: FrameHead = { is: 'bad', reason: 'BAD_END', size: 1 };

/** Compiles a framing. Length wins over the end bytes: those also occur inside EPCs. */
export function compileFraming(framing: Framing, direction: Direction): CompiledFraming {
  const guards = framing.guards ?? [];
  const start = bytesOf((direction === 'toReader' ? framing.startToReader : undefined) ?? framing.start ?? '');
  const end = bytesOf(framing.end ?? '');
  const checks = framing.checks.filter((check) => !isEarly(check)).map(compileCheck);
  const early = framing.checks.filter(isEarly).map((check) => ({ check: compileCheck(check), needs: reachOf(check) }));
  const announced = lengthField(framing, direction);
  // Everything that can refuse a head is asked at once, so that the reason does not depend on how the bytes came.
  const head = Math.max(announced.needs, ...early.map(({ needs }) => needs), ...guards.map(({ at }) => at + 1));
  const opens = compileOpening(start, guards);
  const slots = compileSlots(framing, start.length, end.length);
  const fits = (size: number) => size >= framing.minimum && size <= framing.maximum;
  const whole = (frame: Uint8Array): FrameHead => {
    const size = frame.length;
    if (!end.every((byte, i) => frame[size - end.length + i] === byte)) return BAD_END;
    return checks.every((check) => check.holds(frame))
      ? { is: 'frame', size }
      : { is: 'bad', reason: 'BAD_CHECKSUM', size };
  };
  const refuted = (bytes: Uint8Array, at: number) =>
    early.some(({ check, needs }) => !check.holds(bytes.subarray(at, at + needs)));

  return {
    name: framing.name,
    maximum: framing.maximum,
    control: framing.control === true,
    judge: (bytes, at, until) => {
      if (!opens(bytes, at, until)) return JUNK;
      if (until - at < head) return PARTIAL;
      // A length is trusted only after the check of the head, where the protocol has one.
      if (refuted(bytes, at)) return { is: 'bad', reason: 'BAD_CHECKSUM', size: announced.fixed ?? 1 };
      const size = announced.read(bytes, at);
      if (!fits(size)) return BAD_LENGTH;
      return until - at < size ? PARTIAL : whole(bytes.subarray(at, at + size));
    },
    build: (body) => {
      const frame = new Uint8Array(slots.reserved + body.length);
      for (const [i, place] of slots.free(frame.length).entries()) frame[place] = body[i] ?? 0;
      frame.set(start);
      frame.set(end, frame.length - end.length);
      announced.write(frame);
      for (const { check } of early) check.write(frame);
      for (const check of checks) check.write(frame);
      return frame;
    },
    payload: (frame) => frame.subarray(framing.payload.from, frame.length + framing.payload.to),
    body: (frame) => Uint8Array.from(slots.free(frame.length), (place) => frame[place] ?? 0),
  };
}

/** A check that lies wholly in the head can be tested before the rest of the frame is there. */
function isEarly({ from, to, at }: Check): boolean {
  return from >= 0 && to >= 0 && at >= 0;
}

function reachOf(check: Check): number {
  return Math.max(check.to, check.at + checkSize(check));
}

/** Which places of a frame the body takes: all but start, length, checks and end. */
function compileSlots({ length, checks }: Framing, startSize: number, endSize: number) {
  const reserved = checks.reduce((sum, check) => sum + checkSize(check), startSize + endSize + (length?.size ?? 0));
  const taken = (size: number) => {
    const places = new Set<number>();
    const take = (at: number, count: number) => {
      for (let i = 0; i < count; i++) places.add(at + i);
    };
    take(0, startSize);
    take(size - endSize, endSize);
    if (length !== undefined) take(length.at, length.size);
    for (const check of checks) take(check.at < 0 ? size + check.at : check.at, checkSize(check));
    return places;
  };
  const free = (size: number): number[] => {
    const places = taken(size);
    return Array.from({ length: size }, (_, i) => i).filter((i) => !places.has(i));
  };
  return { reserved, free };
}

/** Reads and writes the size of the whole frame; the field itself leaves some bytes out, other ones per direction. */
function lengthField({ length, minimum }: Framing, direction: Direction) {
  if (length === undefined) {
    return { fixed: minimum, needs: minimum, read: () => minimum, write: () => undefined };
  }
  const { at: offset, size, endian, add } = length;
  const [high, low] = endian === 'little' ? [1, 0] : [0, 1];
  const rest = add[direction];
  return {
    fixed: null,
    needs: offset + size,
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
