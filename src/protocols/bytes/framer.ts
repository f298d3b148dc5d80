import type { CompiledFraming, DiscardReason, FrameHead } from './framing.ts';

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
  /**
   * The line fell silent. That alone ends no frame: the rest of it may still come. A whole frame that stands behind the
   * beginning of another is taken. `lossy`: bytes may have been lost (a serial line), so a new frame that begins behind
   * the silence ends the one before it.
   */
  idle(lossy: boolean): void;
  /** No byte will follow: everything pending is settled. */
  end(): void;
};

type Refusal = { readonly reason: DiscardReason; readonly size: number };

/** Longest run of junk that is told as one. */
const LONGEST_RUN = 1_024;
const NO_GAP = -1;

/**
 * Cuts frames out of chunks of any size [serial.md 0]. On a failed test one byte is dropped and the search goes on, so a
 * damaged frame costs only itself. Holds at most two of the largest frames, one on either side of a silence, plus one
 * run of junk.
 *
 *   held:  [ run of junk already refused | candidate, not yet whole | what came after a silence ]
 *          0                             at                         gap                         length
 */
export function createFramer(framings: readonly CompiledFraming[], events: FramerEvents): Framer {
  const largest = Math.max(...framings.map((framing) => framing.maximum));
  const state: State = { held: new Uint8Array(0), at: 0, gap: NO_GAP, reason: 'JUNK', extent: 0 };
  const scan = () => {
    while (state.at < state.held.length && !waitsAtGap(state, framings, events)) {
      const [verdict, framing] = judgeAll(framings, state.held, state.at);
      if (verdict.is === 'partial') return;
      if (verdict.is === 'bad') refuse(state, verdict.reason, verdict.size, events);
      else take(state, verdict.size, framing, events);
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
    idle: (lossy) => {
      const silent = { gap: state.gap, size: state.held.length };
      // What began behind the last silence is still not whole: it holds nothing back any longer.
      state.gap = NO_GAP;
      scan();
      for (let whole = nextWhole(state, framings); whole > 0; whole = nextWhole(state, framings)) {
        dropUntil(state, whole, framings, events);
        scan();
      }
      tellRun(state, events);
      if (!lossy || state.held.length === 0) return;
      const goesOn = silent.size === state.held.length && silent.gap > 0 && isBegun(state, silent.gap, framings);
      state.gap = goesOn ? silent.gap : state.held.length;
    },
    end: () => {
      state.gap = NO_GAP;
      while (state.held.length > 0) dropFirst();
    },
  };
}

/** `gap`: where the line last fell silent. `extent`: how far the refused frame claimed to reach; its bytes are one run. */
type State = { held: Uint8Array; at: number; gap: number; reason: DiscardReason; extent: number };

function take(state: State, size: number, framing: CompiledFraming, events: FramerEvents): void {
  tellRun(state, events);
  const frame = state.held.subarray(0, size);
  forget(state, size);
  events.frame(frame, framing);
}

function tellRun(state: State, events: FramerEvents): void {
  if (state.at > 0) events.discarded(state.held.subarray(0, state.at), state.reason);
  forget(state, state.at);
  state.at = 0;
  state.extent = 0;
}

/** The first `size` bytes are done with. */
function forget(state: State, size: number): void {
  state.held = state.held.subarray(size);
  state.gap = state.gap > size ? state.gap - size : NO_GAP;
}

/**
 * Whether to wait for what came behind a silence. A whole frame there ends the candidate before it, of which bytes were
 * lost; something that cannot begin a frame is the candidate's own rest, and the check decides as always.
 */
function waitsAtGap(state: State, framings: readonly CompiledFraming[], events: FramerEvents): boolean {
  if (state.gap <= state.at || state.gap >= state.held.length) return false;
  const [verdict] = judgeAll(framings, state.held, state.gap);
  if (verdict.is === 'partial') return true;
  if (verdict.is === 'frame') dropUntil(state, state.gap, framings, events);
  state.gap = NO_GAP;
  return false;
}

function isBegun({ held }: State, place: number, framings: readonly CompiledFraming[]): boolean {
  return place < held.length && judgeAll(framings, held, place)[0].is === 'partial';
}

/** Where the first whole frame stands behind the beginning of the candidate; 0: nowhere. */
function nextWhole({ held, at }: State, framings: readonly CompiledFraming[]): number {
  for (let place = at + 1; place < held.length; place++) {
    if (judgeAll(framings, held, place)[0].is === 'frame') return place;
  }
  return 0;
}

/** The candidate is given up: it and everything else before `place` is one run, and the search goes on there. */
function dropUntil(state: State, place: number, framings: readonly CompiledFraming[], events: FramerEvents): void {
  const { reason } = unfinished(framings, state.held.subarray(0, place), state.at);
  const size = place - state.at;
  tellRun(state, events);
  events.discarded(state.held.subarray(0, size), reason);
  forget(state, size);
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
function judgeAll(framings: readonly CompiledFraming[], bytes: Uint8Array, at: number): [FrameHead, CompiledFraming] {
  let best: [FrameHead, CompiledFraming] | null = null;
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

function rank(verdict: FrameHead): number {
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
