import { HEADER_BYTES, LARGEST_MESSAGE, type LlrpMessage } from './message.ts';

export type LlrpFramer = {
  push(chunk: Uint8Array): void;
  /** Bytes of a message that has begun and is not whole yet. */
  pending(): number;
  /** The first 256 of them. */
  rest(): Uint8Array;
  /** A new connection: what was pending is forgotten. */
  reset(): void;
};

export type LlrpFramerEvents = {
  message(message: LlrpMessage): void;
  /**
   * The length cannot be right (`BAD_LENGTH` below 10, `TOO_LONG` above 1 MiB). LLRP has no mark to find the next message
   * by, so nothing is read any more until `reset`: the connection has to be given up.
   */
  broken(reason: 'BAD_LENGTH' | 'TOO_LONG', bytes: Uint8Array): void;
};

const KEPT_CAPACITY = 65_536;

/** Cuts a byte stream into LLRP messages, however it is chunked. Holds at most one message and one chunk. */
export function createLlrpFramer(events: LlrpFramerEvents): LlrpFramer {
  const held = createHold();
  let broken = false;
  return {
    push: (chunk) => {
      if (broken) return;
      const bytes = held.size() === 0 ? chunk : held.append(chunk);
      const { next, reason } = cutMessages(bytes, events);
      broken = reason !== null;
      if (reason === null) return held.keep(bytes, next);
      const damaged = Uint8Array.from(bytes.subarray(next, next + 256));
      held.clear();
      events.broken(reason, damaged);
    },
    pending: () => held.size(),
    rest: () => held.peek(256),
    reset: () => {
      broken = false;
      held.clear();
    },
  };
}

/** Hands on every whole message; `next` is where the first one begins that is not whole. */
function cutMessages(bytes: Uint8Array, { message }: LlrpFramerEvents) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (bytes.length - at >= HEADER_BYTES) {
    const length = view.getUint32(at + 2);
    if (length < HEADER_BYTES) return { next: at, reason: 'BAD_LENGTH' } as const;
    if (length > LARGEST_MESSAGE) return { next: at, reason: 'TOO_LONG' } as const;
    if (bytes.length - at < length) break;
    const head = view.getUint16(at);
    const id = view.getUint32(at + 6);
    message({ version: (head >> 10) & 7, type: head & 0x3ff, id, bytes: bytes.subarray(at, at + length) });
    at += length;
  }
  return { next: at, reason: null } as const;
}

/** The beginning of a message, in one buffer that grows by doubling: a byte at a time costs no more than a whole one. */
function createHold() {
  let buffer = new Uint8Array(0);
  let size = 0;
  const reserve = (wanted: number) => {
    if (wanted <= buffer.length) return;
    const grown = new Uint8Array(Math.max(wanted, 2 * buffer.length, 4096));
    grown.set(buffer.subarray(0, size));
    buffer = grown;
  };
  return {
    size: () => size,
    append: (chunk: Uint8Array) => {
      reserve(size + chunk.length);
      buffer.set(chunk, size);
      size += chunk.length;
      return buffer.subarray(0, size);
    },
    /** Keeps what of `bytes` begins at `from`. */
    keep: (bytes: Uint8Array, from: number) => {
      const rest = bytes.length - from;
      if (bytes.buffer !== buffer.buffer) reserve(rest);
      if (from > 0 || bytes.buffer !== buffer.buffer) buffer.set(bytes.subarray(from), 0);
      size = rest;
      if (size === 0 && buffer.length > KEPT_CAPACITY) buffer = new Uint8Array(0);
    },
    peek: (most: number) => Uint8Array.from(buffer.subarray(0, Math.min(size, most))),
    clear: () => {
      buffer = new Uint8Array(0);
      size = 0;
    },
  };
}
