import { type Fault, fault } from '../../kit/index.ts';
import {
  HEADER_BYTES,
  isKnownVersion,
  LARGEST_MESSAGE,
  type LlrpMessage,
  messageName,
  messageTypes,
} from './message.ts';
import { CUT_HEAD, parameterLength } from './walk.ts';

export type LlrpFramer = {
  push(chunk: Uint8Array): void;
  /** Bytes of a message that has begun and is not whole yet. */
  pending(): number;
  /** The first 256 of those that are held. */
  rest(): Uint8Array;
  /** A new connection: what was pending is forgotten. */
  reset(): void;
};

/** Why the messages after this one cannot be found. */
export type FramingProblem = 'BAD_LENGTH' | 'TOO_LONG';

export type LlrpFramerEvents = {
  /** A whole message; a report over 64 KiB comes in parts, each of which looks like a report of its own. */
  message(message: LlrpMessage): void;
  /**
   * The length cannot be right (`BAD_LENGTH` below 10, `TOO_LONG` above 16 MiB, or above 64 KiB where the version is none
   * of LLRP's). LLRP has no mark to find the next message by, so nothing is read any more until `reset`: the connection
   * has to be given up.
   */
  broken(reason: FramingProblem, bytes: Uint8Array): void;
};

const KEPT_CAPACITY = 65_536;
/** A longer report is read as it comes. No parameter is longer than this, so neither is what is held of it. */
const LARGEST_HELD_REPORT = 65_536;
/** Of damage that ends a report, as much as the decoder needs to name it and the technician to see it. */
const DAMAGE_SHOWN = 256;

/** A report that is being read as it comes. */
type Stream = { readonly head: Buffer; left: number; taken: number; isDamaged: boolean };

/** Cuts a byte stream into LLRP messages, however it is chunked. Holds at most one message, of a report one parameter, and one chunk. */
export function createLlrpFramer(events: LlrpFramerEvents): LlrpFramer {
  const held = createHold();
  const cutter = createCutter(events);
  let broken = false;
  return {
    push: (chunk) => {
      if (broken) return;
      const bytes = held.size() === 0 ? chunk : held.append(chunk);
      const { next, reason } = cutter.cut(bytes);
      broken = reason !== null;
      if (reason === null) return held.keep(bytes, next);
      const damaged = Uint8Array.from(bytes.subarray(next, next + 256));
      held.clear();
      events.broken(reason, damaged);
    },
    pending: () => cutter.taken() + held.size(),
    rest: () => held.peek(256),
    reset: () => {
      broken = false;
      cutter.reset();
      held.clear();
    },
  };
}

type Cut = { readonly next: number; readonly reason: FramingProblem | null };

/** Hands on every whole message; `next` is where the first byte is that has to wait for more. */
function createCutter({ message }: LlrpFramerEvents) {
  let stream: Stream | null = null;
  const messagesFrom = (bytes: Uint8Array, view: DataView, from: number): Cut => {
    let at = from;
    while (bytes.length - at >= HEADER_BYTES) {
      const length = view.getUint32(at + 2);
      const reason = lengthProblem(length, view.getUint16(at));
      if (reason !== null) return { next: at, reason };
      if (isStreamed(length, view.getUint16(at))) {
        const head = Buffer.from(bytes.subarray(at, at + HEADER_BYTES));
        stream = { head, left: length - HEADER_BYTES, taken: HEADER_BYTES, isDamaged: false };
        return { next: at + HEADER_BYTES, reason: null };
      }
      if (bytes.length - at < length) break;
      message(messageOf(bytes.subarray(at, at + length)));
      at += length;
    }
    return { next: at, reason: null };
  };
  return {
    cut: (bytes: Uint8Array): Cut => {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      let at = 0;
      for (;;) {
        if (stream !== null) {
          at = streamFrom(stream, bytes, view, at, message);
          if (stream.left > 0) return { next: at, reason: null };
          stream = null;
        }
        const { next, reason } = messagesFrom(bytes, view, at);
        if (stream === null) return { next, reason };
        at = next;
      }
    },
    taken: () => stream?.taken ?? 0,
    reset: () => {
      stream = null;
    },
  };
}

function lengthProblem(length: number, head: number): FramingProblem | null {
  if (length < HEADER_BYTES) return 'BAD_LENGTH';
  return length > (isKnownVersion(head) ? LARGEST_MESSAGE : KEPT_CAPACITY) ? 'TOO_LONG' : null;
}

/** What is wrong with the `bytes` at which a message should begin, as a sentence for people. */
export function framingFault(reason: FramingProblem, bytes: Uint8Array): Fault {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const head = view.getUint16(0);
  const length = view.getUint32(2);
  const name = messageName(head & 0x3ff);
  const hex = Buffer.from(bytes.subarray(0, 4)).toString('hex').toUpperCase();
  if (!isKnownVersion(head) || name === null) return fault('LLRP_NO_MESSAGE', { hex });
  if (reason === 'BAD_LENGTH') return fault('LLRP_TOO_SHORT', { message: name, length });
  return fault('LLRP_TOO_LARGE', { message: name, length, limit: LARGEST_MESSAGE });
}

function isStreamed(length: number, head: number): boolean {
  return length > LARGEST_HELD_REPORT && (head & 0x3ff) === messageTypes.RO_ACCESS_REPORT;
}

function messageOf(bytes: Uint8Array): LlrpMessage {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const head = view.getUint16(0);
  return { version: (head >> 10) & 7, type: head & 0x3ff, id: view.getUint32(6), bytes };
}

/** Hands on the parameters that are whole; gives where the first one begins that is not. */
function streamFrom(
  stream: Stream,
  bytes: Uint8Array,
  view: DataView,
  from: number,
  message: LlrpFramerEvents['message'],
): number {
  const to = from + stream.left;
  const here = Math.min(bytes.length, to);
  const { end, isDamaged } = stream.isDamaged ? { end: here, isDamaged: true } : wholeParameters(view, from, here, to);
  const shown = isDamaged ? Math.min(here, end + DAMAGE_SHOWN) : end;
  if (!stream.isDamaged && shown > from) message(messageOf(Buffer.concat([stream.head, bytes.subarray(from, shown)])));
  // Damage costs the rest of the message, as in one that comes whole.
  const next = isDamaged ? here : end;
  stream.isDamaged = isDamaged;
  stream.left -= next - from;
  stream.taken += next - from;
  return next;
}

/** Where the parameters between `from` and `here` end that are whole, of a message that ends at `to`. */
function wholeParameters(view: DataView, from: number, here: number, to: number) {
  let end = from;
  while (end < here) {
    const length = parameterLength(view, end, here);
    if (length === CUT_HEAD && here < to) break;
    if (length <= 0 || end + length > to) return { end, isDamaged: true };
    if (end + length > here) break;
    end += length;
  }
  return { end, isDamaged: false };
}

/** The beginning of a message, in one buffer that grows by doubling: a byte at a time costs no more than a whole one. */
function createHold() {
  let buffer = new Uint8Array(0);
  let size = 0;
  const reserve = (wanted: number) => {
    if (wanted <= buffer.length) return;
    const doubled = Math.min(2 * buffer.length, LARGEST_MESSAGE + KEPT_CAPACITY);
    const grown = new Uint8Array(Math.max(wanted, doubled, 4096));
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
