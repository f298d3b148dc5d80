import type { TagRead } from '../../tags/index.ts';
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

type Draft = {
  epc: string | null;
  pc: string | null;
  tid: string | null;
  antenna: number | null;
  rssi: number | null;
  /** A vendor's finer value, which wins. */
  fineRssi: number | null;
  count: number;
  firstSeenUs: number | null;
  lastSeenUs: number | null;
  firstUptimeUs: number | null;
  lastUptimeUs: number | null;
  channelKhz: number | null;
  /** A vendor's own value, which wins over the channel's. */
  frequencyKhz: number | null;
  phaseDeg: number | null;
  problem: string | null;
  ops: OpResult[] | null;
};

const emptyDraft = (): Draft => ({
  epc: null,
  pc: null,
  tid: null,
  antenna: null,
  rssi: null,
  fineRssi: null,
  count: 1,
  firstSeenUs: null,
  lastSeenUs: null,
  firstUptimeUs: null,
  lastUptimeUs: null,
  channelKhz: null,
  frequencyKhz: null,
  phaseDeg: null,
  problem: null,
  ops: null,
});

/** A TV's value has its size; only TLVs look at `end`. */
type Take = (draft: Draft, view: DataView, at: number, end: number) => void;

/**
 * Reads RO_ACCESS_REPORT messages. A damaged TagReportData costs that report only; damage between them costs the rest
 * of the message. Reasons: BAD_PARAM_LENGTH, TRUNCATED, UNKNOWN_TV, NO_EPC, BAD_EPC_LENGTH.
 */
export function compileTagReports(profile: LlrpProfile, deps: TagReportDeps) {
  const takers = compileTakers(profile, deps);
  return (message: LlrpMessage, receivedAt: number, sink: Sink): void => {
    const { bytes } = message;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let index = 0;
    const problem = walkParameters(view, HEADER_BYTES, bytes.length, (type, from, to) => {
      if (type !== TAG_REPORT_DATA) return;
      const draft = emptyDraft();
      const stopped = walkParameters(view, from, to, (inner, at, end) => takers[inner]?.(draft, view, at, end));
      const reason = stopped ?? draft.problem ?? (draft.epc === null ? 'NO_EPC' : null);
      if (reason === null) giveRead(draft, deps, receivedAt, sink);
      else sink.bad(reason, bytes.subarray(from - 4, to), index);
      index += 1;
    });
    if (problem !== null) sink.bad(problem, bytes, index);
  };
}

function giveRead(draft: Draft, { context, clock }: TagReportDeps, receivedAt: number, sink: Sink): void {
  sink.read({
    reader: context.reader,
    idType: 'epc',
    epc: draft.epc ?? '',
    pc: draft.pc,
    tid: draft.tid,
    antenna: draft.antenna ?? context.antenna,
    rssi: draft.fineRssi ?? draft.rssi,
    count: draft.count,
    round: false,
    at: context.stamp(timeOf(draft, clock, receivedAt), receivedAt),
    receivedAt,
    frequencyKhz: draft.frequencyKhz ?? draft.channelKhz,
    phaseDeg: draft.phaseDeg,
    seq: null,
  } satisfies TagRead);
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
    1: set('antenna', (view, at) => view.getUint16(at)),
    2: set('firstSeenUs', readU64),
    3: set('firstUptimeUs', readU64),
    4: set('lastSeenUs', readU64),
    5: set('lastUptimeUs', readU64),
    6: set('rssi', (view, at) => view.getInt8(at)),
    7: set('channelKhz', (view, at) => deps.frequencyOf(view.getUint16(at))),
    8: set('count', (view, at) => Math.max(1, view.getUint16(at))),
    12: set('pc', (view, at) => hexAt(view, at, 2)),
    13: set('epc', (view, at) => hexAt(view, at, 12)),
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
  else if (bits > 0) draft.epc = epcAt(view, at + 2, bits);
}

/** What pads the last byte is no part of the EPC, whatever the reader puts there. */
function epcAt(view: DataView, at: number, bits: number): string {
  const size = Math.ceil(bits / 8);
  const pad = 8 * size - bits;
  const hex = hexAt(view, at, size);
  if (pad === 0) return hex;
  const last = (view.getUint8(at + size - 1) >> pad) << pad;
  return hex.slice(0, -2) + last.toString(16).toUpperCase().padStart(2, '0');
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
  if (custom.to === 'tid') draft.tid = custom.hex(view, at, end);
  else if (custom.to === 'rssi') draft.fineRssi = custom.number(view, at, end);
  else if (custom.to === 'phaseDeg') draft.phaseDeg = custom.number(view, at, end);
  else draft.frequencyKhz = custom.number(view, at, end);
}

function hexAt(view: DataView, at: number, size: number): string {
  return Buffer.from(view.buffer, view.byteOffset + at, size)
    .toString('hex')
    .toUpperCase();
}
