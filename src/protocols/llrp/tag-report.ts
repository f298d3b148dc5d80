import { beginRow, createReadBatch, putBytes, putHex, type ReadBatch } from '../../tags/index.ts';
import type { DecodeContext, Sink } from '../sink.ts';
import type { LlrpProfile } from '../vocabulary/llrp-profile.ts';
import { type CustomReader, compileCustomValues } from './custom-values.ts';
import { readU64 } from './fields.ts';
import { parameterLayouts } from './layouts.ts';
import type { LlrpClock } from './llrp-clock.ts';
import { HEADER_BYTES, type LlrpMessage } from './message.ts';
import { type OpResult, readOpResult } from './op-result.ts';
import { walkParameters } from './walk.ts';

const TAG_REPORT_DATA = 240;
const EPC_DATA = 241;
/** EPC bank and PC can hold no more (TDS 2.3, 5 bits of length in words). */
const MOST_EPC_BITS = 496;

export type TagReportDeps = {
  readonly context: DecodeContext;
  readonly clock: LlrpClock;
  /** Frequency of a ChannelIndex, null while the reader has not told its table. */
  frequencyOf(channelIndex: number): number | null;
};

/** What a report says of its tag beside what goes straight into a row. One for all reports. */
type Draft = {
  rows: ReadBatch;
  row: number;
  hasId: boolean;
  rssi: number | null;
  /** A vendor's finer value, which wins. */
  fineRssi: number | null;
  firstSeenUs: number | null;
  lastSeenUs: number | null;
  firstUptimeUs: number | null;
  lastUptimeUs: number | null;
  channelKhz: number | null;
  /** A vendor's own value, which wins over the channel's. */
  frequencyKhz: number | null;
  problem: string | null;
  ops: OpResult[] | null;
};

const nothing: Omit<Draft, 'rows' | 'row'> = {
  hasId: false,
  rssi: null,
  fineRssi: null,
  firstSeenUs: null,
  lastSeenUs: null,
  firstUptimeUs: null,
  lastUptimeUs: null,
  channelKhz: null,
  frequencyKhz: null,
  problem: null,
  ops: null,
};

/** A TV's value has its size; only TLVs look at `end`. */
type Take = (draft: Draft, view: DataView, at: number, end: number) => void;

/**
 * Reads RO_ACCESS_REPORT messages. A damaged TagReportData costs that report only; damage between them costs the rest
 * of the message. Reasons: BAD_PARAM_LENGTH, TRUNCATED, UNKNOWN_TV, NO_EPC, BAD_EPC_LENGTH.
 */
export function compileTagReports(profile: LlrpProfile, deps: TagReportDeps) {
  const takers = compileTakers(profile, deps);
  const draft: Draft = { rows: createReadBatch(1), row: 0, ...nothing };
  return (message: LlrpMessage, receivedAt: number, sink: Sink): void => {
    const { bytes } = message;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let index = 0;
    const problem = walkParameters(view, HEADER_BYTES, bytes.length, (type, from, to) => {
      if (type !== TAG_REPORT_DATA) return;
      Object.assign(draft, nothing);
      draft.rows = sink.rows();
      draft.row = beginRow(draft.rows, receivedAt);
      const stopped = walkParameters(view, from, to, (inner, at, end) => takers[inner]?.(draft, view, at, end));
      const reason = stopped ?? draft.problem ?? (draft.hasId ? null : 'NO_EPC');
      if (reason === null) giveRead(draft, deps, receivedAt, sink);
      else sink.bad(reason, bytes.subarray(from - 4, to), index);
      index += 1;
    });
    if (problem !== null) sink.bad(problem, bytes, index);
  };
}

function giveRead(draft: Draft, { context, clock }: TagReportDeps, receivedAt: number, sink: Sink): void {
  const { rows, row } = draft;
  if (rows.antenna[row] === 0) rows.antenna[row] = context.antenna ?? 0;
  rows.rssi[row] = draft.fineRssi ?? draft.rssi ?? Number.NaN;
  rows.at[row] = context.stamp(timeOf(draft, clock, receivedAt), receivedAt);
  rows.frequencyKhz[row] = draft.frequencyKhz ?? draft.channelKhz ?? Number.NaN;
  sink.read();
  for (const { command, ok, error, fields } of draft.ops ?? []) {
    sink.answer({ command, ok, error, routine: false, fields });
  }
}

/** Last seen, else first seen; a reader without a clock of day counts from its start. */
function timeOf(draft: Draft, clock: LlrpClock, receivedAt: number): number | null {
  const utc = draft.lastSeenUs ?? draft.firstSeenUs;
  if (utc !== null) return Math.floor(utc / 1000);
  const uptime = draft.lastUptimeUs ?? draft.firstUptimeUs;
  return uptime === null ? null : clock.timeOf(uptime, receivedAt);
}

function set<Key extends keyof Draft>(key: Key, read: (view: DataView, at: number) => Draft[Key]): Take {
  return (draft, view, at) => {
    draft[key] = read(view, at);
  };
}

/** What each parameter inside TagReportData adds, by its type; the others are passed over. */
function compileTakers(profile: LlrpProfile, deps: TagReportDeps): readonly (Take | undefined)[] {
  const customOf = compileCustomValues(profile.values);
  const byType: Readonly<Record<number, Take>> = {
    1: ({ rows, row }, view, at) => {
      rows.antenna[row] = view.getUint16(at);
    },
    2: set('firstSeenUs', readU64),
    3: set('firstUptimeUs', readU64),
    4: set('lastSeenUs', readU64),
    5: set('lastUptimeUs', readU64),
    6: set('rssi', (view, at) => view.getInt8(at)),
    7: set('channelKhz', (view, at) => deps.frequencyOf(view.getUint16(at))),
    8: ({ rows, row }, view, at) => {
      rows.count[row] = Math.max(1, view.getUint16(at));
    },
    12: ({ rows, row }, view, at) => {
      rows.pc[row] = view.getUint16(at);
    },
    13: (draft, view, at) => {
      putEpc96(draft, view, at);
    },
    [EPC_DATA]: takeEpcData,
    349: takeOpResult('readMemory'),
    350: takeOpResult('writeMemory'),
    351: takeOpResult('kill'),
    352: takeOpResult('lock'),
    353: takeOpResult('blockErase'),
    354: takeOpResult('blockWrite'),
    [parameterLayouts.Custom.type]: (draft, view, at, end) => {
      if (at + 8 > end) draft.problem ??= 'BAD_PARAM_LENGTH';
      else takeCustom(draft, customOf(view.getUint32(at), view.getUint32(at + 4)), view, at + 8, end);
    },
  };
  return Array.from({ length: 1024 }, (_, type) => byType[type]);
}

function takeEpcData(draft: Draft, view: DataView, at: number, end: number): void {
  if (at + 2 > end) {
    draft.problem ??= 'BAD_PARAM_LENGTH';
    return;
  }
  const bits = view.getUint16(at);
  const size = Math.ceil(bits / 8);
  if (bits > MOST_EPC_BITS || at + 2 + size > end) draft.problem ??= 'BAD_EPC_LENGTH';
  else if (bits > 0) putEpc(draft, view, at + 2, bits);
}

/** What pads the last byte is no part of the EPC, whatever the reader puts there. */
function putEpc(draft: Draft, view: DataView, at: number, bits: number): void {
  if (bits === 96) {
    putEpc96(draft, view, at);
    return;
  }
  const size = Math.ceil(bits / 8);
  const pad = 8 * size - bits;
  const bytes = new Uint8Array(view.buffer, view.byteOffset + at, size).slice();
  bytes[size - 1] = (view.getUint8(at + size - 1) >> pad) << pad;
  putBytes(draft.rows.epc, draft.row, bytes, 0, size);
  draft.hasId = true;
}

function putEpc96(draft: Draft, view: DataView, at: number): void {
  const { digits, words, long } = draft.rows.epc;
  const { row } = draft;
  words[3 * row] = view.getUint32(at);
  words[3 * row + 1] = view.getUint32(at + 4);
  words[3 * row + 2] = view.getUint32(at + 8);
  digits[row] = 24;
  long[row] = null;
  draft.hasId = true;
}

function takeOpResult(operation: string): Take {
  return (draft, view, at, end) => {
    const result = readOpResult(operation, view, at, end);
    if (result === null) draft.problem ??= 'BAD_PARAM_LENGTH';
    else draft.ops = [...(draft.ops ?? []), result];
  };
}

function takeCustom(draft: Draft, custom: CustomReader | undefined, view: DataView, at: number, end: number): void {
  if (custom === undefined) return;
  if (custom.to === 'tid') putHex(draft.rows.tid, draft.row, custom.hex(view, at, end));
  else if (custom.to === 'rssi') draft.fineRssi = custom.number(view, at, end);
  else if (custom.to === 'phaseDeg') draft.rows.phaseDeg[draft.row] = custom.number(view, at, end) ?? Number.NaN;
  else draft.frequencyKhz = custom.number(view, at, end);
}
