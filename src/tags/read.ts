import { isZero, narrowAt } from './bits/hex.ts';
import { type BitReader, mark, need, readerOf, take } from './bits/reader.ts';
import { elementsProblem } from './elements.ts';
import { tagError } from './error.ts';
import { elementsOf } from './identity.ts';
import { type Pair, readAidc } from './plus/aidc.ts';
import { readHostname } from './plus/hostname.ts';
import { readPrioritised } from './plus/prioritised-date.ts';
import type { Scheme } from './row.ts';
import { schemeOfHeader } from './schemes/table.ts';

/** What one tag said, field by field. `reader.problem` says whether it may be trusted. */
export type Reading = {
  readonly scheme: Scheme;
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

function readFields(scheme: Scheme, reader: BitReader): string[] {
  const values: string[] = [];
  for (const field of scheme.fields) {
    if (reader.problem !== null) break;
    field.read(reader, values);
  }
  return values;
}

function readClassic(scheme: Scheme, reader: BitReader): Reading {
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
  const components = readFields(scheme, reader);
  if (given > reader.at && reader.problem === null && !isZero(reader.hex, reader.at, given)) {
    mark(reader, 'TRAILING_BITS');
  }
  return { scheme, reader, filter, components, elements: null, hostname: null, data: noData };
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

function readPlus(scheme: Scheme, reader: BitReader): Reading {
  if (!need(reader, 4))
    return { scheme, reader, filter: null, components: null, elements: [], hostname: null, data: [] };
  const toggle = take(reader, 1);
  const filter = take(reader, 3);
  const date = scheme.plus?.date === true ? readPrioritised(reader) : null;
  const start = reader.at;
  const elements = joinGroups(scheme, readFields(scheme, reader));
  if (reader.problem === null) {
    const fault = elementsProblem(scheme.identifier, elements);
    if (fault !== null) reader.problem = { ...fault.error, position: start };
  }
  const named = reader.problem === null && scheme.plus?.hostname === true;
  const hostname = named ? readHostname(reader) : null;
  const aidc = reader.problem === null ? readAidc(reader) : [];
  if ((toggle === 1) !== aidc.length > 0) mark(reader, 'TOGGLE_MISMATCH');
  return { scheme, reader, filter, components: null, elements, hostname, data: date === null ? aidc : [date, ...aidc] };
}

/** The key's elements of a valid reading: as stored, or made from the components; `null` for identifiers that have none. */
export function elementsOfReading({ scheme, components, elements }: Reading): readonly string[] | null {
  const spec = scheme.identifier.elements;
  return spec === null || components === null ? elements : elementsOf(spec, components);
}

/** Reads the content of an EPC field, which must be hex; `null` where no scheme has its header. */
export function readEpc(hex: string): Reading | null {
  const scheme = schemeOfHeader[narrowAt(hex, 0, 8)] ?? null;
  if (scheme === null) return null;
  const reader = readerOf(hex, 8);
  return scheme.form === 'components' ? readClassic(scheme, reader) : readPlus(scheme, reader);
}
