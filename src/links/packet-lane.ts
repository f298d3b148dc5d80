import { type PacketFilter, readHead } from './packet-filter.ts';

/** A shorter way for whole PUBLISH packets. */
export type Lane = {
  /** Packets of at least this length do not take it, bytes. */
  readonly most: number;
  /** Whether the next packet may take it; asked when a chunk begins. */
  isFree(): boolean;
  /** Takes a packet: the lower half of its first byte, and what stands behind the length. False where it goes the usual way. */
  take(flags: number, body: Buffer): boolean;
};

const PUBLISH = 3;
const nothing = new Uint8Array(0);

/**
 * While the lane is free it gets each PUBLISH with which a chunk begins, and waits for the rest of one that is not whole. What
 * it does not take goes through `filter`, with all of the chunk that follows: no packet overtakes another.
 */
export function besideLane(lane: Lane, filter: PacketFilter): PacketFilter {
  const held = createHeld();
  const go = (bytes: Uint8Array): Uint8Array | null => {
    const { at, wanted } = filter.isBetween() && lane.isFree() ? takeAll(lane, bytes) : { at: 0, wanted: 0 };
    const rest = bytes.subarray(at);
    held.keep(wanted === 0 ? nothing : rest, wanted);
    return wanted === 0 && rest.length > 0 ? filter(rest) : nothing;
  };
  const pass = (chunk: Uint8Array): Uint8Array | null => {
    const missing = held.missing();
    if (missing === 0) return go(chunk);
    held.add(chunk.subarray(0, missing));
    if (missing > chunk.length) return nothing;
    const first = held.take();
    const rest = chunk.subarray(missing);
    // The packet that is whole now goes by itself, so that what follows is not copied.
    const isTaken = filter.isBetween() && lane.isFree() && takeAll(lane, first).at === first.length;
    return isTaken ? go(rest) : go(Buffer.concat([first, rest]));
  };
  return Object.assign(pass, { isBetween: () => held.isEmpty() && filter.isBetween() });
}

/** Where the first packet begins that the lane did not take; `wanted`: so many bytes of it are needed to go on. */
function takeAll(lane: Lane, bytes: Uint8Array): { readonly at: number; readonly wanted: number } {
  let at = 0;
  while (at < bytes.length) {
    const head = publishHead(bytes, at);
    if (head === 'more') return { at, wanted: bytes.length - at + 1 };
    if (head === null || head.length >= lane.most) break;
    const end = head.end + head.length;
    if (end > bytes.length) return { at, wanted: end - at };
    if (!lane.take((bytes[at] ?? 0) & 0xf, Buffer.from(bytes.buffer, bytes.byteOffset + head.end, head.length))) break;
    at = end;
  }
  return { at, wanted: 0 };
}

function publishHead(bytes: Uint8Array, at: number): ReturnType<typeof readHead> {
  return (bytes[at] ?? 0) >> 4 === PUBLISH ? readHead(bytes, at) : null;
}

/** The beginning of a packet that is not whole. It grows by doubling: one that comes byte by byte costs no more than others. */
function createHeld() {
  let buffer = nothing;
  let size = 0;
  let wanted = 0;
  return {
    isEmpty: () => size === 0,
    /** How many bytes have to come before it goes on; 0 where nothing is kept. */
    missing: (): number => (size === 0 ? 0 : wanted - size),
    add: (bytes: Uint8Array): void => {
      if (size + bytes.length > buffer.length) {
        const grown = new Uint8Array(Math.min(wanted, Math.max(2 * buffer.length, size + bytes.length)));
        grown.set(buffer.subarray(0, size));
        buffer = grown;
      }
      buffer.set(bytes, size);
      size += bytes.length;
    },
    take: (): Uint8Array => {
      const whole = buffer.subarray(0, size);
      size = 0;
      return whole;
    },
    /** Keeps the beginning of a packet until `least` bytes are there. */
    keep: (bytes: Uint8Array, least: number): void => {
      size = bytes.length;
      wanted = least;
      buffer = size === 0 ? nothing : Uint8Array.from(bytes);
    },
  };
}
