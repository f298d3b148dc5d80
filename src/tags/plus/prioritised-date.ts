import { type BitReader, need, refuse, take } from '../bits/reader.ts';
import { type BitWriter, put } from '../bits/writer.ts';
import type { TagError } from '../epc.ts';
import { tagError } from '../error.ts';
import type { Pair } from './aidc.ts';
import { putDate, readDate } from './dates.ts';

/** AIs of the date that DSGTIN puts in front of the GTIN, by the 4-bit type [TDS 14.5.3]. */
export const dateAis: readonly string[] = ['11', '13', '15', '16', '17', '7006', '7007'];

/** 4-bit type and 16-bit date. */
export function readPrioritised(reader: BitReader): Pair | null {
  if (!need(reader, 20)) return null;
  const ai = dateAis[take(reader, 4)];
  if (ai === undefined) {
    refuse(reader, 'RESERVED_VALUE', 'This type of date is reserved.', '0 to 6', 4);
    return null;
  }
  return [ai, readDate(reader)];
}

/** Appends the first date among `data`; which one it was, is left out of `rest`. */
export function putPrioritised(
  writer: BitWriter,
  data: readonly Pair[],
): { rest: readonly Pair[]; error: TagError | null } {
  const chosen = data.find(([ai, value]) => dateAis.includes(ai) && value.length === 6);
  if (chosen === undefined) {
    const error = tagError('NOT_ENCODABLE', 'This scheme needs a date to put first.', null, `AI ${dateAis.join(', ')}`);
    return { rest: data, error };
  }
  put(writer, dateAis.indexOf(chosen[0]), 4);
  return { rest: data.filter((pair) => pair !== chosen), error: putDate(writer, chosen[1]) };
}
