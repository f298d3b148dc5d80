import { type BitReader, need, refuse } from '../bits/reader.ts';
import { isZero, narrowAt } from '../bits/words.ts';
import { type BitWriter, put } from '../bits/writer.ts';
import type { TagError } from '../epc.ts';
import { tagError } from '../error.ts';
import { aiFormats, aiLengths, type Format } from './ai-table.ts';

export type Pair = readonly [ai: string, value: string];

/** Fewest bits that must follow the AI header 00 for it to be an SSCC and not zero fill [TDS 15.3]. */
const ssccBits = 72;

function readAi(reader: BitReader): string {
  let ai = '';
  for (let digits = 2; ai.length < digits; reader.at += 4) {
    if (!need(reader, 4)) return '';
    const nibble = narrowAt(reader.words, reader.at, 4);
    if (nibble > 9) {
      refuse(reader, 'RESERVED_VALUE', 'No AI begins with this nibble.', 'decimal digits');
      return '';
    }
    ai += String(nibble);
    if (ai.length === 2) digits = aiLengths[Number(ai)] ?? 0;
  }
  return ai;
}

/** The value of an AI by its format. */
export function readValue(reader: BitReader, format: Format): string {
  const [first, second] = format;
  const value = first.read(reader);
  return second === undefined || reader.problem !== null ? value : value + second.read(reader);
}

/** Whether what is left is only fill; else +AIDC data or a fault stand there. */
function onlyFill(reader: BitReader): boolean {
  const left = reader.end - reader.at;
  if (left <= 0 || isZero(reader.words, reader.at, reader.end)) return true;
  if (left < 8) {
    refuse(reader, 'BAD_PADDING', 'The last bits are not zero.', 'zero bits');
    return true;
  }
  if (narrowAt(reader.words, reader.at, 8) === 0 && left - 8 < ssccBits) {
    refuse(reader, 'TOO_SHORT', 'Zero fill is followed by other bits.', 'zero bits, or 72 bits of an SSCC');
    return true;
  }
  return false;
}

/** All +AIDC data up to the end of the EPC or its zero fill; none where the walk has ended before. */
export function readAidc(reader: BitReader): Pair[] {
  const data: Pair[] = [];
  while (reader.problem === null && !onlyFill(reader)) {
    const start = reader.at;
    const ai = readAi(reader);
    if (reader.problem !== null) break;
    const format = aiFormats.get(ai);
    if (format === undefined) {
      reader.at = start;
      refuse(reader, 'UNKNOWN_AI', `No data are defined for AI ${ai}.`, 'an AI of TDS table F');
      break;
    }
    data.push([ai, readValue(reader, format)]);
  }
  return data;
}

/** Appends one AI and its value. */
export function putAidc(writer: BitWriter, [ai, value]: Pair): TagError | null {
  const format = aiFormats.get(ai);
  if (format === undefined)
    return tagError('UNKNOWN_AI', `No data are defined for AI ${ai}.`, null, 'an AI of TDS table F');
  for (const digit of ai) put(writer, digit, 4);
  const [first, second] = format;
  if (second === undefined) return first.write(writer, value);
  const size = first.size ?? value.length;
  return first.write(writer, value.slice(0, size)) ?? second.write(writer, value.slice(size));
}
