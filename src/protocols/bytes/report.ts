import { beginRow, idTypes, pcWord, putHex } from '../../tags/index.ts';
import { reportedCount } from '../reported-count.ts';
import type { DecodeContext, Sink } from '../sink.ts';
import type { ByteProfile } from '../vocabulary/byte-profile.ts';
import type { Report } from '../vocabulary/report-profile.ts';
import { type Cursor, type LaidField, layOut, readFields, type Values } from './layout.ts';

/** Most tags that one frame may report; a frame of 64 KiB that claims more is bad. */
const MOST_TAGS = 4_096;
const LONGEST_ID = 62;

/** Decodes the payload of one report frame. */
export type ReportReader = (frame: Uint8Array, payload: Uint8Array, receivedAt: number, sink: Sink) => void;

/**
 * Compiles one report of a profile. Nothing of a frame is handed on before all of it was read. A report without any tag
 * is the end of a round.
 */
export function compileReport(report: Report, profile: ByteProfile, context: DecodeContext): ReportReader {
  const tell = compileTag(report, profile, context);
  const layout = layoutOf(report);
  return (frame, payload, receivedAt, sink) => {
    const cursor: Cursor = { bytes: payload, at: 0 };
    const tags: Values[] = [];
    const problem = readReport(layout, cursor, tags);
    if (problem !== null) return sink.bad(problem, frame, 0);
    if (tags.length === 0) {
      sink.event({ name: 'roundEnd', at: null, seq: null, online: null, detail: {}, routine: true });
    }
    for (const [index, values] of tags.entries()) tell(values, frame, index, receivedAt, sink);
  };
}

/** Tells what a frame says of one tag, as a read or as what is wrong with it. */
type TagTeller = (values: Values, frame: Uint8Array, index: number, receivedAt: number, sink: Sink) => void;

/** Who does what it was asked to do is there: an answer that names its tag is a read as well. */
export function compileNamedTag(profile: ByteProfile, context: DecodeContext, isFiltered: () => boolean): TagTeller {
  const tell = compileTag({}, profile, context);
  return (values, ...rest) => {
    if (values['epc'] !== undefined && !isFiltered()) tell(values, ...rest);
  };
}

function compileTag(
  report: Pick<Report, 'idType' | 'idBytes' | 'round'>,
  profile: ByteProfile,
  context: DecodeContext,
): TagTeller {
  const { idType = 'epc', idBytes } = report;
  const random = profile.quirks?.includes('randomUid') === true;
  return (values, frame, index, receivedAt, sink) => {
    const id = values[idType];
    const reason = idProblem(id, idType, idBytes, random);
    if (reason !== null) sink.bad(reason, frame, index);
    else giveRead(String(id), report, values, receivedAt, context, sink);
  };
}

type Each = { readonly count: string | undefined; readonly fields: readonly LaidField[] };
type ReportLayout = { readonly fields: readonly LaidField[]; readonly each: Each | null; readonly trailing: boolean };

function layoutOf({ fields, each, trailing = false }: Report): ReportLayout {
  const inner = each === undefined ? null : { count: each.count, fields: layOut(each.fields) };
  return { fields: layOut(fields), each: inner, trailing };
}

function readReport({ fields, each, trailing }: ReportLayout, cursor: Cursor, tags: Values[]): string | null {
  const head: Values = {};
  const problem = readFields(fields, cursor, head) ?? readEach(each, cursor, head, tags);
  if (problem !== null) return problem;
  if (each === null) tags.push(head);
  return cursor.at < cursor.bytes.length && !trailing ? 'LONG_REPORT' : null;
}

function readEach(each: Each | null, cursor: Cursor, head: Values, tags: Values[]): string | null {
  if (each === null) return null;
  const count = each.count === undefined ? Number.POSITIVE_INFINITY : Number(head[each.count]);
  while (tags.length < count && (each.count !== undefined || cursor.at < cursor.bytes.length)) {
    const values = { ...head };
    const before = cursor.at;
    const problem = readFields(each.fields, cursor, values);
    if (problem !== null) return problem;
    if (cursor.at === before || tags.length >= MOST_TAGS) return 'LONG_REPORT';
    tags.push(values);
  }
  return null;
}

function idProblem(
  id: number | string | undefined,
  idType: 'epc' | 'uid',
  idBytes: readonly number[] | undefined,
  random: boolean,
): string | null {
  if (typeof id !== 'string' || id === '') return 'NO_ID';
  if (id.length > LONGEST_ID * 2) return 'LONG_ID';
  if (idBytes?.includes(id.length / 2) === false) return idType === 'uid' ? 'UID_LENGTH' : 'EPC_LENGTH';
  if (idType !== 'uid') return id.length % 4 === 0 ? null : 'EPC_LENGTH';
  return random && id.length === 8 && id.startsWith('08') ? 'RANDOM_UID' : null;
}

function giveRead(
  id: string,
  { idType = 'epc', round: isRound = false }: Pick<Report, 'idType' | 'round'>,
  values: Values,
  receivedAt: number,
  context: DecodeContext,
  sink: Sink,
): void {
  const rows = sink.rows();
  const row = beginRow(rows, receivedAt);
  const { count, round } = reportedCount(numberOf(values['count']), isRound);
  rows.idType[row] = idTypes.indexOf(idType);
  putHex(rows.epc, row, id);
  putHex(rows.tid, row, textOf(values['tid']));
  rows.pc[row] = pcWord(textOf(values['pc']));
  rows.antenna[row] = numberOf(values['antenna']) ?? context.antenna ?? 0;
  rows.rssi[row] = numberOf(values['rssi']) ?? Number.NaN;
  rows.count[row] = count;
  rows.round[row] = round ? 1 : 0;
  rows.at[row] = context.stamp(null, receivedAt);
  rows.frequencyKhz[row] = numberOf(values['frequencyKhz']) ?? Number.NaN;
  rows.phaseDeg[row] = numberOf(values['phaseDeg']) ?? Number.NaN;
  rows.seq[row] = numberOf(values['seq']) ?? Number.NaN;
  sink.read();
}

function textOf(value: number | string | undefined): string | null {
  return value === undefined ? null : String(value);
}

function numberOf(value: number | string | undefined): number | null {
  return typeof value === 'number' ? value : null;
}
