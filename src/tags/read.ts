import { wordsOf } from './bits/hex.ts';
import { type BitReader, mark, need, readerOf, take } from './bits/reader.ts';
import { isZero } from './bits/words.ts';
import { elementsProblem } from './elements.ts';
import { tagError } from './error.ts';
import { zeroGtin } from './gtin.ts';
import { elementsOf, namesNoItem } from './identity.ts';
import { type Layout, layoutOfHeader } from './layout.ts';
import { type Pair, readAidc } from './plus/aidc.ts';
import { readHostname } from './plus/hostname.ts';
import { readPrioritised } from './plus/prioritised-date.ts';
import type { Scheme } from './row.ts';

/** What one tag said, field by field. `reader.problem` says whether it may be trusted. */
export type Reading = {
  readonly layout: Layout;
  readonly reader: BitReader;
  readonly filter: number | null;
  /** Components of the URI, where the scheme stores them. */
  readonly components: readonly string[] | null;
  /** Values of the key's elements, where the scheme stores those. */
  readonly elements: readonly string[] | null;
  readonly hostname: string | null;
  readonly data: readonly Pair[];
};

const noData: readonly Pair[] = [];

function readFields({ scheme, blank }: Layout, reader: BitReader): string[] {
  const values = blank.slice();
  let first = 0;
  for (const field of scheme.fields) {
    if (reader.problem !== null) break;
    field.read(reader, values, first);
    first += field.names.length;
  }
  return values;
}

function readClassic(layout: Layout, reader: BitReader): Reading {
  const { scheme } = layout;
  const given = reader.end;
  if (scheme.bits !== null) {
    if (scheme.bits > given) {
      const expected = `${scheme.bits} bits`;
      reader.problem = tagError('TOO_SHORT', 'The tag holds less than its scheme needs.', given, expected);
    }
    reader.end = scheme.bits;
  }
  let filter: number | null = null;
  if (reader.problem === null && scheme.filterBits > 0 && need(reader, scheme.filterBits)) {
    filter = take(reader, scheme.filterBits);
  }
  const components = readFields(layout, reader);
  if (reader.problem === null && namesNoItem(scheme.identifier, components)) reader.problem = zeroGtin;
  if (given > reader.at && reader.problem === null && !isZero(reader.words, reader.at, given)) {
    mark(reader, 'TRAILING_BITS');
  }
  return { layout, reader, filter, components, elements: null, hostname: null, data: noData };
}

/** Joins the fields of each element; a qualifier that means “none” is left out. */
function joinGroups(scheme: Scheme, values: readonly string[]): string[] {
  const elements: string[] = [];
  let from = 0;
  for (const count of scheme.plus?.groups ?? []) {
    const value = values.slice(from, from + count).join('');
    from += count;
    const omit = elements.length === 0 ? null : scheme.identifier.elements?.others[elements.length - 1]?.omit;
    if (value !== omit) elements.push(value);
  }
  return elements;
}

function readPlus(layout: Layout, reader: BitReader): Reading {
  const { scheme } = layout;
  if (!need(reader, 4))
    return { layout, reader, filter: null, components: null, elements: [], hostname: null, data: [] };
  const toggle = take(reader, 1);
  const filter = take(reader, 3);
  const date = scheme.plus?.date === true ? readPrioritised(reader) : null;
  const start = reader.at;
  const elements = joinGroups(scheme, readFields(layout, reader));
  if (reader.problem === null) {
    const fault = elementsProblem(scheme.identifier, elements);
    if (fault !== null) reader.problem = { ...fault.error, position: start };
  }
  const named = reader.problem === null && scheme.plus?.hostname === true;
  const hostname = named ? readHostname(reader) : null;
  const aidc = readAidc(reader);
  if ((toggle === 1) !== aidc.length > 0) mark(reader, 'TOGGLE_MISMATCH');
  return { layout, reader, filter, components: null, elements, hostname, data: date === null ? aidc : [date, ...aidc] };
}

/** The key's elements of a valid reading: as stored, or made from the components; `null` for identifiers that have none. */
export function elementsOfReading({ layout, components, elements }: Reading): readonly string[] | null {
  const spec = layout.scheme.identifier.elements;
  return spec === null || components === null ? elements : elementsOf(spec, components);
}

/** Reads the content of an EPC field; `null` where it is no hex (see `hexProblem`) or no scheme has its header. */
export function readEpc(hex: string): Reading | null {
  const words = wordsOf(hex);
  if (words === null) return null;
  const layout = layoutOfHeader[(words[0] ?? 0) >>> 24] ?? null;
  if (layout === null) return null;
  const reader = readerOf(hex, words, 8);
  return layout.scheme.form === 'components' ? readClassic(layout, reader) : readPlus(layout, reader);
}
