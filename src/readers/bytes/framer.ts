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

type Refusal = { readonly reason: DiscardReason; readonly size: number };

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
  const state: State = { held: new Uint8Array(0), at: 0, reason: 'JUNK', extent: 0 };
  const scan = () => {
    while (state.at < state.held.length) {
      const [verdict, framing] = judgeAll(framings, state.held, state.at);
      if (verdict.is === 'partial') return;
      if (verdict.is === 'bad') refuse(state, verdict.reason, verdict.size, events);
      else {
        tellRun(state, events);
        const frame = state.held.subarray(0, verdict.size);
        state.held = state.held.subarray(verdict.size);
        events.frame(frame, framing);
      }
    }
  };
  const dropFirst = () => {
    if (state.at < state.held.length) {
      const { reason, size } = unfinished(framings, state.held, state.at);
      refuse(state, reason, size, events);
      scan();
    }
    if (state.at === state.held.length) tellRun(state, events);
  };
  return {
    push: (chunk) => {
      for (let from = 0; from < chunk.length; from += largest) {
        state.held = joined(state.held, chunk.subarray(from, from + largest));
        scan();
      }
      // The chunk is the caller's again: what is left of it is copied.
      state.held = Uint8Array.from(state.held);
    },
    pending: () => state.held.length > 0,
    idle: dropFirst,
    end: () => {
      while (state.held.length > 0) dropFirst();
    },
  };
}

/** `extent`: how far the refused frame claimed to reach; its bytes belong to one run. */
type State = { held: Uint8Array; at: number; reason: DiscardReason; extent: number };

function tellRun(state: State, events: FramerEvents): void {
  if (state.at > 0) events.discarded(state.held.subarray(0, state.at), state.reason);
  state.held = state.held.subarray(state.at);
  state.at = 0;
  state.extent = 0;
}

/** Refuses the byte at `at`: it joins the run before it, or begins a new one when it is another frame's beginning. */
function refuse(state: State, why: DiscardReason, claimed: number, events: FramerEvents): void {
  const joins = state.at < state.extent || why === 'JUNK';
  if (state.at > 0 && (!joins || state.at >= LONGEST_RUN)) tellRun(state, events);
  if (state.at === 0) {
    state.reason = why;
    state.extent = why === 'BAD_CHECKSUM' ? claimed : 1;
  }
  state.at += 1;
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

/** Why nothing more is waited for: what a framing that needs no further byte has against it, else that it broke off. */
function unfinished(framings: readonly CompiledFraming[], bytes: Uint8Array, at: number): Refusal {
  for (const framing of framings) {
    const verdict = framing.judge(bytes, at, bytes.length);
    if (verdict.is === 'bad' && verdict.reason !== 'JUNK') return verdict;
  }
  return { reason: 'TRUNCATED', size: 1 };
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
