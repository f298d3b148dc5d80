import type { Zone } from '../kit/index.ts';
import {
  type ByteProfile,
  bytesOf,
  compileFrameDecoder,
  compileFraming,
  compileMessageDecoder,
  createFramer,
  createLineDecoder,
  createLlrpPaste,
  createSplitter,
  hexOf,
  type LineProfile,
  type LlrpProfile,
  type MessageProfile,
  pastedLine,
  type ReadMap,
  type Sign,
  type Sink,
} from '../protocols/index.ts';
import { createReadBatch, readAt, type TagRead } from '../tags/index.ts';
import type { Profile } from './profile.ts';

/** One line of `silentgate profile decode`: `kind` is read, answer, event, bad or remark; what the report lacks is null. */
export type Decoded = { readonly kind: 'read' | 'answer' | 'event' | 'bad' | 'remark' } & Readonly<
  Record<string, unknown>
>;

/** Decodes chunk by chunk; a frame may begin in one chunk and end in another. */
export type ProfileDecoder = {
  /** Hex text or bytes for byte protocols, the payload itself for message protocols. */
  push(chunk: string | Uint8Array, from?: { readonly topic?: string; readonly status?: boolean }): Decoded[];
  /** What is settled once no chunk will follow. */
  end(): Decoded[];
};

/** A decoder of its own state; `map` and `zone` are those of a reader's configuration. Never throws on input. */
export function openDecoder(profile: Profile, map?: ReadMap, zone?: Zone): ProfileDecoder {
  if (profile.kind === 'llrp') return llrpDecoder(profile);
  if (profile.kind === 'lines') return lineDecoder(profile);
  return profile.kind === 'bytes' ? byteDecoder(profile) : messageDecoder(profile, map, zone);
}

export type ReplayedCapture = {
  readonly index: number;
  readonly meaning: string;
  readonly ok: boolean;
  readonly expected: readonly Readonly<Record<string, unknown>>[];
  readonly got: readonly Decoded[];
};

/** Replays the profile's own captures; each outcome is compared by the members that the profile names. */
export function replayCaptures(profile: Profile): ReplayedCapture[] {
  const inputs =
    profile.kind === 'messages'
      ? profile.captures.map(({ payload, meaning, expect }) => ({ input: textOf(payload), meaning, expect }))
      : profile.captures.map(({ hex, meaning, expect }) => ({ input: hex, meaning, expect }));
  return inputs.map(({ input, meaning, expect }, index) => {
    const decoder = openDecoder(profile);
    const got = [...decoder.push(input), ...decoder.end()];
    const ok = got.length === expect.length && expect.every((members, i) => agrees(members, got[i]));
    return { index, meaning, ok, expected: expect, got };
  });
}

function textOf(payload: unknown): string {
  return typeof payload === 'string' ? payload : JSON.stringify(payload);
}

function agrees(members: Readonly<Record<string, unknown>>, got: Decoded | undefined): boolean {
  return Object.entries(members).every(([key, value]) => JSON.stringify(got?.[key]) === JSON.stringify(value));
}

function byteDecoder(profile: ByteProfile): ProfileDecoder {
  const { sink, context, taken } = collector();
  const decode = compileFrameDecoder(profile, context);
  const framings = profile.framing.map((framing) => compileFraming(framing, 'fromReader'));
  const framer = createFramer(framings, {
    frame: (frame, framing) => decode(frame, framing, 0, sink),
    discarded: (bytes, reason) => sink.bad(reason, bytes, 0),
  });
  return {
    push: (chunk) => {
      const bytes = typeof chunk === 'string' ? pasted(chunk) : chunk;
      if (bytes === null) sink.bad('NOT_HEX', Buffer.from(chunk), 0);
      else framer.push(bytes);
      return taken();
    },
    end: () => {
      framer.end();
      return taken();
    },
  };
}

function llrpDecoder(profile: LlrpProfile): ProfileDecoder {
  const { sink, context, taken } = collector();
  const { push, end } = createLlrpPaste(profile, context, sink);
  return {
    push: (chunk) => {
      const bytes = typeof chunk === 'string' ? pasted(chunk) : chunk;
      if (bytes === null) sink.bad('NOT_HEX', Buffer.from(chunk), 0);
      else push(bytes);
      return taken();
    },
    end: () => {
      end();
      return taken();
    },
  };
}

/** Hex of bytes, or a line as it is. */
function lineDecoder(profile: LineProfile): ProfileDecoder {
  const { sink, context, taken } = collector();
  const decoder = createLineDecoder(profile, context);
  const splitter = createSplitter(profile, {
    line: (text) => decoder.line(text, 0, sink),
    discarded: (bytes, reason) => sink.bad(reason, bytes, 0),
  });
  return {
    push: (chunk) => {
      splitter.push(typeof chunk === 'string' ? pastedLine(profile, chunk) : chunk);
      return taken();
    },
    end: () => {
      splitter.end();
      decoder.end(sink);
      return taken();
    },
  };
}

/** Bytes of pasted hex, blanks and lower case allowed; null when it is something else. */
function pasted(text: string): Uint8Array | null {
  const hex = text.replaceAll(/\s/g, '');
  return /^([0-9A-Fa-f]{2})*$/.test(hex) ? bytesOf(hex) : null;
}

function messageDecoder(profile: MessageProfile, map: ReadMap | undefined, zone: Zone | undefined): ProfileDecoder {
  const { sink, context, taken } = collector();
  const assumed = zone === undefined ? null : { zone, isAssumed: false };
  const decoder = compileMessageDecoder(profile, map, { ...context, zone: assumed });
  return {
    push: (chunk, { topic = '', status = false } = {}) => {
      const incoming = { topic, payload: Buffer.from(chunk), at: 0 };
      if (status) decoder.status(incoming, sink);
      else decoder.message(incoming, sink);
      return taken();
    },
    end: () => [],
  };
}

/** Collects outcomes in their order. The time a read lacks stays null here: nobody received it. */
function collector() {
  let out: Decoded[] = [];
  let warnings: string[] = [];
  const rows = createReadBatch();
  const remarks = new Set<Sign>();
  let at: number | null = null;
  const sink: Sink = {
    rows: () => rows,
    read: () => {
      out.push(decodedRead(readAt(rows, rows.size), at, warnings));
      rows.size += 1;
      warnings = [];
    },
    readUnstamped: (count) => {
      for (let left = count; left > 0; left--) {
        const told = rows.at[rows.size] ?? Number.NaN;
        at = Number.isNaN(told) ? null : told;
        sink.read();
      }
    },
    answer: (answer) => void out.push({ kind: 'answer', ...answer }),
    event: (event) => {
      out.push({ kind: 'event', ...event, warnings });
      warnings = [];
    },
    bad: (reason, bytes, index, why) => {
      out.push({ kind: 'bad', reason, hex: hexOf(bytes), index, ...(why === undefined ? {} : { why }) });
      warnings = [];
    },
    sign: (sign) => {
      if (sign.about !== 'remark' || remarks.has(sign)) return;
      remarks.add(sign);
      out.push({ kind: 'remark', code: sign.code, ...sign.params });
    },
    warn: (code) => void warnings.push(code),
  };
  const stamp = (told: number | null) => {
    at = told;
    return told ?? 0;
  };
  const taken = () => {
    const ready = out;
    out = [];
    rows.size = 0;
    return ready;
  };
  return { sink, context: { reader: '', antenna: null, stamp }, taken };
}

function decodedRead(read: TagRead, at: number | null, warnings: string[]): Decoded {
  const { idType, epc, antenna, rssi, count, round, frequencyKhz, phaseDeg, tid, pc, seq } = read;
  const rest = { antenna, rssi, count, round, frequencyKhz, phaseDeg, tid, at, pc, seq, warnings };
  if (idType === 'uid') return { kind: 'read', uid: epc, ...rest };
  return { kind: 'read', epc: idType === 'epc' ? epc : null, ...rest };
}
