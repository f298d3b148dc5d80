import type { CompiledFraming, DiscardReason, Verdict } from './framing.ts';

/** What a framer hands on. Byte views are valid only during the call. */
export type FramerEvents = {
  frame(frame: Uint8Array, framing: CompiledFraming): void;
  /** A run of bytes that made no frame, and why its first byte was refused. */
  discarded(bytes: Uint8Array, reason: DiscardReason): void;
};

export type Framer = {
  push(chunk: Uint8Array): void;
  /** True while a started frame or an untold run of junk waits for more bytes. */
  pending(): boolean;
  /** The line fell silent inside a frame: its first byte is junk, the rest is searched again. */
  idle(): void;
  /** No byte will follow: everything pending is settled. */
  end(): void;
};

/** Longest run of junk that is told as one. */
const LONGEST_RUN = 1_024;

/**
 * Cuts frames out of chunks of any size [serial.md 0]. On a failed test one byte is dropped and the search goes on, so a
 * damaged frame costs only itself. Holds at most the largest frame plus one run of junk.
 *
 *   held:  [ run of junk already refused | candidate, not yet whole ]
 *          0                             at                      length
 */
export function createFramer(framings: readonly CompiledFraming[], events: FramerEvents): Framer {
  const largest = Math.max(...framings.map((framing) => framing.maximum));
  let held: Uint8Array = new Uint8Array(0);
  let at = 0;
  let reason: DiscardReason = 'JUNK';
  let extent = 0;

  const tellRun = () => {
    if (at > 0) events.discarded(held.subarray(0, at), reason);
    held = held.subarray(at);
    at = 0;
    extent = 0;
  };
  /** Refuses the byte at `at`; what lies inside a frame already refused belongs to that frame's run. */
  const refuse = (why: DiscardReason, claimed: number) => {
    const joins = at < extent || why === 'JUNK';
    if (at > 0 && (!joins || at >= LONGEST_RUN)) tellRun();
    if (at === 0) {
      reason = why;
      extent = why === 'BAD_CHECKSUM' ? claimed : 1;
    }
    at += 1;
  };
  const scan = () => {
    while (at < held.length) {
      const [verdict, framing] = judgeAll(framings, held, at);
      if (verdict.is === 'partial') return;
      if (verdict.is === 'bad') refuse(verdict.reason, verdict.size);
      else {
        tellRun();
        const frame = held.subarray(0, verdict.size);
        held = held.subarray(verdict.size);
        events.frame(frame, framing);
      }
    }
  };
  const dropFirst = () => {
    if (at < held.length) {
      refuse('TRUNCATED', 1);
      scan();
    }
    if (at === held.length) tellRun();
  };

  return {
    push: (chunk) => {
      for (let from = 0; from < chunk.length; from += largest) {
        held = joined(held, chunk.subarray(from, from + largest));
        scan();
      }
      held = held.length === 0 ? held : Uint8Array.from(held);
    },
    pending: () => held.length > 0,
    idle: dropFirst,
    end: () => {
      while (held.length > 0) dropFirst();
    },
  };
}

/** The first framing that makes a frame; else a partial one waits; else the most telling refusal. */
function judgeAll(framings: readonly CompiledFraming[], bytes: Uint8Array, at: number): [Verdict, CompiledFraming] {
  let best: [Verdict, CompiledFraming] | null = null;
  for (const framing of framings) {
    const verdict = framing.judge(bytes, at, bytes.length);
    if (verdict.is === 'frame') return [verdict, framing];
    if (best === null || rank(verdict) > rank(best[0])) best = [verdict, framing];
  }
  if (best === null) throw new Error('a framer needs at least one framing');
  return best;
}

function rank(verdict: Verdict): number {
  if (verdict.is === 'partial') return 2;
  return verdict.is === 'bad' && verdict.reason !== 'JUNK' ? 1 : 0;
}

function joined(held: Uint8Array, chunk: Uint8Array): Uint8Array {
  if (held.length === 0) return chunk;
  const both = new Uint8Array(held.length + chunk.length);
  both.set(held);
  both.set(chunk, held.length);
  return both;
}
