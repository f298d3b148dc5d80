/**
 * Bytes of a text that is looked at in place. Behind its `length` stands a 0, which no text of JSON has, and room for a
 * look at sixteen bytes from any place in it: whoever compares needs to look for the end only once.
 */
export type TextBytes = { bytes: Uint8Array; view: DataView; length: number };

/** Bytes that are looked at behind a place without asking for the end. */
const AHEAD = 16;
/** Room that is kept for the next message; a longer one gets its own. */
const KEPT = 1 << 18;

/** An empty text with room for `capacity` bytes. */
export function createTextBytes(capacity = 1024): TextBytes {
  const bytes = new Uint8Array(capacity + AHEAD);
  return { bytes, view: new DataView(bytes.buffer), length: 0 };
}

/** The text's bytes are these from now on; they are copied. The text that holds them is `into`, or a larger one. */
export function filled(into: TextBytes, payload: Uint8Array): TextBytes {
  const size = payload.length;
  const text = size + AHEAD <= into.bytes.length ? into : createTextBytes(size <= KEPT ? 2 * size : size);
  text.bytes.set(payload);
  text.bytes[size] = 0;
  text.length = size;
  return text;
}

/** Whether a text is short enough for its room to be kept. */
export function isKept({ length }: TextBytes): boolean {
  return length <= KEPT;
}

const utf8 = new TextDecoder();

/** What stands from `from` to before `to`. */
export function sliceText({ bytes }: TextBytes, from: number, to: number): string {
  return utf8.decode(bytes.subarray(from, to));
}

/** The first place from `from` on that is no blank of JSON's. */
export function blanksEnd({ bytes }: TextBytes, from: number): number {
  let at = from;
  for (let code = bytes[at] ?? 0; code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09; ) {
    at += 1;
    code = bytes[at] ?? 0;
  }
  return at;
}
