import { beginRow, idTypes, pcWord, putHex } from '../../tags/index.ts';
import { reportedCount } from '../reported-count.ts';
import type { DecodeContext, Sink } from '../sink.ts';
import type { LinePattern } from '../vocabulary/line-profile.ts';

export type Groups = Readonly<Record<string, string | undefined>>;

/** Gives the read that a line's named groups describe; the reason where they cannot be one. */
export function giveGroups(
  groups: Groups,
  { decimal = false, reverse = false, round: isRound = false }: Omit<LinePattern, 'expression'>,
  receivedAt: number,
  context: DecodeContext,
  sink: Sink,
): string | null {
  const idType = groups['epc'] === undefined ? 'uid' : 'epc';
  const printed = groups[idType] ?? wiegandOf(groups);
  const id = idOf(printed.replaceAll(' ', ''), decimal || groups[idType] === undefined, reverse);
  const problem = problemOf(id, idType);
  if (id === null || problem !== null) return problem ?? 'NOT_HEX';
  const rows = sink.rows();
  const row = beginRow(rows, receivedAt);
  const { count, round } = reportedCount(numberOf(groups['count']), isRound);
  rows.idType[row] = idTypes.indexOf(idType);
  putHex(rows.epc, row, id);
  putHex(rows.tid, row, groups['tid'] ?? null);
  rows.pc[row] = pcWord(groups['pc'] ?? null);
  rows.antenna[row] = antennaOf(groups) ?? context.antenna ?? 0;
  rows.rssi[row] = numberOf(groups['rssi']) ?? Number.NaN;
  rows.count[row] = count;
  rows.round[row] = round ? 1 : 0;
  rows.at[row] = context.stamp(null, receivedAt);
  sink.read();
  return null;
}

function problemOf(id: string | null, idType: 'epc' | 'uid'): string | null {
  if (id === null) return 'NOT_HEX';
  if (id === '') return 'NO_ID';
  if (id.length > 124) return 'LONG_ID';
  return idType === 'epc' && id.length % 4 !== 0 ? 'EPC_LENGTH' : null;
}

function antennaOf(groups: Groups): number | null {
  const fromZero = numberOf(groups['antennaFromZero']);
  return fromZero === null ? numberOf(groups['antenna']) : fromZero + 1;
}

/** The decimal number that two printed halves make: 100,19382 is 100 * 65536 + 19382. Empty when one is out of its range. */
function wiegandOf({ facility, card }: Groups): string {
  const halves = [Number(facility), Number(card)] as const;
  return halves[0] <= 255 && halves[1] <= 65_535 ? String(halves[0] * 65_536 + halves[1]) : '';
}

function idOf(text: string, decimal: boolean, reverse: boolean): string | null {
  if (decimal && !/^\d{1,38}$/.test(text)) return null;
  const digits = decimal ? BigInt(text).toString(16).padStart(8, '0') : text;
  const hex = (decimal && digits.length % 2 === 1 ? `0${digits}` : digits).toUpperCase();
  if (!/^[0-9A-F]*$/.test(hex)) return null;
  return reverse ? (hex.match(/../g) ?? []).reverse().join('') : hex;
}

function numberOf(text: string | undefined): number | null {
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}
