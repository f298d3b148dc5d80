import { randomBytes } from 'node:crypto';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { LARGEST_PAYLOAD } from '../kit/index.ts';
import { LARGE } from './broker-memory.ts';

/** What may stand around the payload: the topic, and properties in MQTT 5. */
const AROUND_PAYLOAD = 128 * 1024;
/** No packet but PUBLISH has a reason to be longer. */
const LARGEST_OTHER = 256 * 1024;
const PUBLISH = 3;

/** A payload that was over the limit and is left out. */
export type Oversize = { readonly size: number; readonly limit: number };

/** Stands in the place of a payload that is left out. Nobody outside can know it, so nobody can send it. */
const mark = randomBytes(16);

/** What is left of a payload that the filter took out; null for any other payload. A payload that is itself over the limit is out, too. */
export function oversizeOf(payload: Uint8Array, limit = LARGEST_PAYLOAD): Oversize | null {
  if (payload.length > limit) return { size: payload.length, limit };
  const isMarked = payload.length === mark.length + 4 && mark.equals(payload.subarray(0, mark.length));
  return isMarked ? { size: Buffer.from(payload).readUInt32BE(mark.length), limit } : null;
}

export type PacketFilterOptions = {
  readonly version: 4 | 5;
  /** Payload bytes that are passed on. */
  readonly limit?: number;
  /** Asked before a long packet is passed on; false: there is no room for it now. */
  room?(size: number): boolean;
};

/** Gives what of the stream goes on; null: it is no MQTT, or there is no room, and the connection has to be cut. */
export type PacketFilter = {
  (chunk: Uint8Array): Uint8Array | null;
  /** Whether what has gone on so far ends where a packet ends. */
  isBetween(): boolean;
};

/**
 * Watches an MQTT byte stream. A PUBLISH over the limit is taken out while it comes: a short one with the same topic,
 * packet identifier and flags goes on, whose payload `oversizeOf` knows. So it can be acknowledged and counted, nothing of
 * it is kept, and its sender does not send it for ever. Any other packet of that length cuts the connection.
 */
export function createPacketFilter({ version, limit = LARGEST_PAYLOAD, room }: PacketFilterOptions): PacketFilter {
  let held: Uint8Array = new Uint8Array(0);
  let passing = 0;
  let cut: CutPublish | null = null;

  /** Begins a packet; false when the connection has to be cut. */
  const begin = (type: number, length: number): boolean => {
    const isPublish = type >> 4 === PUBLISH;
    if (length > (isPublish ? limit + AROUND_PAYLOAD : LARGEST_OTHER)) {
      cut = cutPublish(type, length, version);
      return isPublish;
    }
    passing = length;
    return length < LARGE || room === undefined || room(length);
  };
  /** What the steps give goes to `out`. Each gives where it ends: `at` itself for a header that is not whole, -1 for one that cuts. */
  const takeOut = (packet: CutPublish, bytes: Uint8Array, at: number, out: Output): number => {
    const taken = packet.take(bytes.subarray(at));
    if (packet.isWhole()) {
      out.add(packet.short());
      cut = null;
    }
    return at + taken;
  };
  const pass: Step = (bytes, at, out) => {
    const end = Math.min(at + passing, bytes.length);
    passing -= end - at;
    out.pass(at, end);
    return end;
  };
  const head: Step = (bytes, at, out) => {
    const read = readHead(bytes, at);
    if (read === 'more') return at;
    if (read === null || !begin(bytes[at] ?? 0, read.length)) return -1;
    if (cut === null) out.pass(at, read.end);
    return read.end;
  };
  const step: Step = (bytes, at, out) =>
    cut !== null ? takeOut(cut, bytes, at, out) : passing > 0 ? pass(bytes, at, out) : head(bytes, at, out);
  const run = (chunk: Uint8Array): Uint8Array | null => {
    const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    const out = createOutput(bytes);
    let at = 0;
    for (let from = -1; at > from && at < bytes.length; ) {
      from = at;
      at = step(bytes, from, out);
    }
    if (at < 0) return null;
    held = Uint8Array.from(bytes.subarray(at));
    return out.bytes();
  };
  return Object.assign(run, { isBetween: () => passing === 0 && cut === null && held.length === 0 });
}

type Output = ReturnType<typeof createOutput>;
type Step = (bytes: Uint8Array, at: number, out: Output) => number;

/** Collects parts of `bytes` and others between them; what lies side by side is not copied. */
function createOutput(bytes: Uint8Array) {
  const parts: Uint8Array[] = [];
  let from = 0;
  let to = 0;
  const flush = () => {
    if (to > from) parts.push(bytes.subarray(from, to));
    from = to;
  };
  return {
    pass: (begin: number, end: number) => {
      if (begin !== to) {
        flush();
        from = begin;
      }
      to = end;
    },
    add: (other: Uint8Array) => {
      flush();
      parts.push(other);
    },
    bytes: (): Uint8Array => {
      flush();
      return parts.length === 1 ? (parts[0] ?? bytes) : Buffer.concat(parts);
    },
  };
}

/** The fixed header at `at` (MQTT 3.1.1, 2.2): the remaining length and where it begins; null for one that no MQTT has. */
export function readHead(
  bytes: Uint8Array,
  at: number,
): { readonly length: number; readonly end: number } | 'more' | null {
  let length = 0;
  for (let digit = 0; digit < 4; digit++) {
    const byte = bytes[at + 1 + digit];
    if (byte === undefined) return 'more';
    length += (byte & 0x7f) * 128 ** digit;
    if ((byte & 0x80) === 0) return { length, end: at + 2 + digit };
  }
  return null;
}

type CutPublish = {
  /** Takes what of the bytes is the packet's; gives how many those are. */
  take(bytes: Uint8Array): number;
  isWhole(): boolean;
  /** The packet that goes on in its place. */
  short(): Uint8Array;
};

/** Takes a PUBLISH in as it comes and keeps only what stands before its properties: topic and packet identifier. */
function cutPublish(type: number, length: number, version: 4 | 5): CutPublish {
  const kept: Uint8Array[] = [];
  let size = 0;
  let wanted = 2;
  let left = length;
  const keep = (bytes: Uint8Array) => {
    const part = Uint8Array.from(bytes.subarray(0, Math.max(0, wanted - size)));
    kept.push(part);
    size += part.length;
    return part.length;
  };
  return {
    take: (bytes) => {
      const mine = bytes.subarray(0, left);
      const at = keep(mine);
      if (wanted === 2 && size === 2) {
        const hasId = (type & 0b110) !== 0;
        wanted += Buffer.concat(kept).readUInt16BE(0) + (hasId ? 2 : 0);
        keep(mine.subarray(at));
      }
      left -= mine.length;
      return mine.length;
    },
    isWhole: () => left === 0,
    short: () => {
      const payload = Buffer.alloc(mark.length + 4);
      mark.copy(payload);
      payload.writeUInt32BE(length - size, mark.length);
      const body = Buffer.concat([...kept, Buffer.alloc(version === 5 ? 1 : 0), payload]);
      return Buffer.concat([Buffer.from([type, ...digitsOf(body.length)]), body]);
    },
  };
}

function digitsOf(length: number): number[] {
  const digits: number[] = [];
  let rest = length;
  do {
    const digit = rest % 128;
    rest = Math.floor(rest / 128);
    digits.push(rest > 0 ? digit | 0x80 : digit);
  } while (rest > 0);
  return digits;
}

/**
 * Puts the filter between a socket and whoever reads it, whichever way they read; call it before anything has come.
 * `socket.push` is where Node hands in what the network gave.
 */
export function filterSocket(socket: Duplex, filter: PacketFilter): void {
  const push = socket.push.bind(socket);
  socket.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (!(chunk instanceof Uint8Array)) return push(chunk, encoding);
    const passed = filter(chunk);
    // A socket of the network goes on reading by itself.
    if (passed?.length === 0 && socket instanceof Socket) return true;
    if (passed !== null) return push(passed);
    socket.destroy();
    return false;
  };
}
