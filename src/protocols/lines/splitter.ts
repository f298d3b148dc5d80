import { bytesOf } from '../bytes/hex.ts';
import type { LineProfile } from '../vocabulary/line-profile.ts';

export type LineEvents = {
  /** A whole line without its end, as Latin-1; empty lines are not told. */
  line(text: string): void;
  discarded(bytes: Uint8Array, reason: 'LONG_LINE' | 'TRUNCATED'): void;
};

/** Cuts lines out of chunks of any size; holds at most the longest line. */
export function createSplitter({ ends, escape: before, maximum }: LineProfile, events: LineEvents) {
  const closing = new Set(bytesOf(ends));
  const escapes = before === undefined ? -1 : (bytesOf(before)[0] ?? -1);
  let held: number[] = [];
  let escaped = false;
  /** The rest of a line that was too long is not told again. */
  let skipping = false;

  const close = () => {
    const line = skipping ? [] : held;
    // First: who hears the line may end the channel, and the line was not cut off.
    held = [];
    skipping = false;
    if (line.length > 0) events.line(Buffer.from(line).toString('latin1'));
  };
  const keep = (byte: number) => {
    if (held.length < maximum) held.push(byte);
    else if (!skipping) {
      events.discarded(Uint8Array.from(held), 'LONG_LINE');
      skipping = true;
    }
  };
  const take = (byte: number) => {
    if (escaped) {
      escaped = false;
      keep(byte);
    } else if (byte === escapes) escaped = true;
    else if (closing.has(byte)) close();
    else keep(byte);
  };
  return {
    push: (chunk: Uint8Array) => {
      for (const byte of chunk) take(byte);
    },
    /** What a line has begun with, as Latin-1: a prompt is never ended. */
    held: () => (skipping ? '' : Buffer.from(held).toString('latin1')),
    /** `isTaken`: what a line has begun with was understood, and is not told. */
    end: (isTaken = false) => {
      if (held.length > 0 && !skipping && !isTaken) events.discarded(Uint8Array.from(held), 'TRUNCATED');
      held = [];
      escaped = false;
      skipping = false;
    },
  };
}
