import { beginRow, idTypes, pcWord, putHex } from '../../tags/index.ts';
import { reportedCount } from '../reported-count.ts';
import type { DecodeContext, Sink } from '../sink.ts';
import type { ReadMap } from '../vocabulary/read-map.ts';
import { compilePath, compilePlace, compileWhen, type Getter, type Scope } from './place.ts';
import { isPlausibleRssi, isPort, roundedRssi } from './radio.ts';
import { parseNumber } from './time.ts';
import { compileTime } from './times.ts';
import { base64Text, foldDegrees, type HexValue, hexText, wordHex } from './values.ts';

/** Takes one read out of a member; returns the reason when there is none. */
export type Extractor = (scope: Scope, receivedAt: number, sink: Sink) => string | null;

type Numbers = (scope: Scope) => number | null | 'bad';

/** Compiles a map: where each value is, in which unit and encoding, becomes one function. */
export function compileExtractor(map: ReadMap, context: DecodeContext): Extractor {
  const idOf = compileId(map);
  const radioOf = compileRadio(map);
  const countsOf = compileCounts(map);
  const seqOf = numbers(map.seq);
  const timeOf = compileTime(map.time, context);
  const pcOf = compilePc(map.pc);
  return (scope, receivedAt, sink) => {
    const id = idOf(scope, sink);
    if (typeof id === 'string') return id;
    const { antenna, rssi, frequencyKhz, phaseDeg } = radioOf(scope, sink);
    const seq = quiet(seqOf(scope)) ?? Number.NaN;
    const { count, round } = countsOf(scope);
    const rows = sink.rows();
    const row = beginRow(rows, receivedAt);
    rows.idType[row] = idTypes.indexOf(id.idType);
    putHex(rows.epc, row, id.hex);
    putHex(rows.tid, row, id.tid);
    rows.pc[row] = pcWord(pcOf(scope));
    rows.antenna[row] = antenna ?? context.antenna ?? 0;
    rows.rssi[row] = rssi ?? Number.NaN;
    rows.count[row] = count;
    rows.round[row] = round ? 1 : 0;
    rows.at[row] = context.stamp(timeOf(scope, receivedAt, sink), receivedAt);
    rows.frequencyKhz[row] = frequencyKhz ?? Number.NaN;
    rows.phaseDeg[row] = phaseDeg ?? Number.NaN;
    rows.seq[row] = Number.isSafeInteger(seq) ? seq : Number.NaN;
    sink.read();
    return null;
  };
}

/** How and where the tag was heard. */
function compileRadio(map: ReadMap) {
  const antennaOf = numbers(map.antenna);
  const rssiOf = numbers(map.rssi?.map((place) => ({ ...place, factor: place.unit === 'cdBm' ? 0.01 : 1 })));
  const frequencyOf = numbers(map.frequency?.map((place) => ({ ...place, factor: place.unit === 'MHz' ? 1000 : 1 })));
  const phaseOf = numbers(map.phase);
  return (scope: Scope, sink: Sink) => {
    const rssi = told(rssiOf(scope), 'RSSI_UNPARSED', sink);
    if (rssi !== null && !isPlausibleRssi(rssi)) sink.warn('RSSI_IMPLAUSIBLE', 1);
    const frequency = quiet(frequencyOf(scope));
    const phase = quiet(phaseOf(scope));
    return {
      antenna: told(portOf(antennaOf(scope)), 'ANTENNA_UNPARSED', sink),
      rssi: rssi === null ? null : roundedRssi(rssi),
      frequencyKhz: frequency === null ? null : Math.round(frequency),
      phaseDeg: phase === null ? null : foldDegrees(phase),
    };
  };
}

function compileCounts(map: ReadMap): (scope: Scope) => ReturnType<typeof reportedCount> {
  const countOf = numbers(map.count);
  const isRound = compileRound(map.round);
  return (scope) => reportedCount(quiet(countOf(scope)), isRound(scope));
}

function compileRound(round: ReadMap['round']): (scope: Scope) => boolean {
  if (round === undefined || round === true) return () => round === true;
  const rules = round.map(({ path, in: among }) => compileWhen(compilePlace({ path }), among));
  return (scope) => rules.some((holds) => holds(scope));
}

type Id = { readonly idType: 'epc' | 'tid' | 'uid'; readonly hex: string; readonly tid: string | null };

function compileId(map: ReadMap): (scope: Scope, sink: Sink) => Id | string {
  const ids = map.id.map((place) => encoded(compilePlace(place), place.encoding));
  const tids = (map.tid ?? []).map((place) => encoded(compilePlace(place), place.encoding));
  const idType = map.idType ?? 'epc';
  const split = compileSuffix(map.tidSuffix);
  return (scope, sink) => {
    const found = ids.map((get) => get(scope)).filter((value) => value !== null);
    const good = found.filter((value) => value !== 'bad');
    const tid = tidOf(tids, scope, sink);
    const [first] = good;
    if (first === undefined) return lacking(found.length > 0, tid);
    if (good.some(({ hex }) => hex !== first.hex)) sink.warn('EPC_MISMATCH', 1);
    return split?.(scope, first.hex) ?? { idType, hex: first.hex, tid };
  };
}

/** A report without an EPC is of its TID; without either it is none. */
function lacking(damaged: boolean, tid: string | null): Id | string {
  if (damaged) return 'BAD_EPC_HEX';
  return tid === null ? 'NO_ID' : { idType: 'tid', hex: tid, tid };
}

/** Parts EPC and TID where the message says that they stand together; null where it does not. */
function compileSuffix(suffix: ReadMap['tidSuffix']): ((scope: Scope, hex: string) => Id | string | null) | null {
  if (suffix === undefined) return null;
  const get = compilePath(suffix.path);
  return ({ member }, hex) => {
    if (get(member) !== suffix.is) return null;
    if (hex.length <= suffix.digits) return 'FASTID_TOO_SHORT';
    return { idType: 'epc', hex: hex.slice(0, -suffix.digits), tid: hex.slice(-suffix.digits) };
  };
}

function tidOf(tids: readonly ((scope: Scope) => HexValue)[], scope: Scope, sink: Sink): string | null {
  for (const get of tids) {
    const tid = get(scope);
    // Zebra puts an error sentence where the TID should be.
    if (tid === 'bad') sink.warn('TID_READ_ERROR', 1);
    else if (tid !== null) return tid.hex;
  }
  return null;
}

function encoded(get: Getter, encoding: 'hex' | 'base64' | undefined): (scope: Scope) => HexValue {
  return encoding === 'base64' ? (scope) => base64Text(get(scope)) : (scope) => hexText(get(scope));
}

/** The first place that holds something; `bad` when that is no number, null when nothing is there. */
export function numbers(places: readonly (Parameters<typeof compilePlace>[0] & { factor?: number })[] = []): Numbers {
  const getters = places.map((place) => ({ get: compilePlace(place), factor: place.factor ?? 1 }));
  return (scope) => {
    for (const { get, factor } of getters) {
      const value = get(scope);
      if (value === undefined || value === null) continue;
      const number = parseNumber(value);
      return number === null ? 'bad' : number * factor;
    }
    return null;
  };
}

const pcReaders = { hex: hexText, base64: base64Text, number: wordHex } as const;

function compilePc(places: ReadMap['pc']): (scope: Scope) => string | null {
  const getters = (places ?? []).map((place) => ({ get: compilePlace(place), read: pcReaders[place.encoding] }));
  return (scope) => {
    for (const { get, read } of getters) {
      const value = read(get(scope));
      if (value !== null && value !== 'bad' && value.hex.length === 4) return value.hex;
    }
    return null;
  };
}

function portOf(value: number | null | 'bad'): number | null | 'bad' {
  return typeof value !== 'number' || isPort(value) ? value : 'bad';
}

function told(value: number | null | 'bad', warning: string, sink: Sink): number | null {
  if (value !== 'bad') return value;
  sink.warn(warning, 1);
  return null;
}

/** Null for a value that is no number. */
export function quiet(value: number | null | 'bad'): number | null {
  return value === 'bad' ? null : value;
}
