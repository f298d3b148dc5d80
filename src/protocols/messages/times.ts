import type { Remark } from '../sign.ts';
import type { DecodeContext, Sink } from '../sink.ts';
import type { ReadMap } from '../vocabulary/read-map.ts';
import { createIsoTexts } from './iso-time.ts';
import { compilePlace, type Place, type Scope } from './place.ts';
import { type ReadTime, readTime, type TimeFormat } from './time.ts';

type Places = NonNullable<ReadMap['time']>;

/**
 * The first time that is there, epoch ms. A place may be named several times with different formats: the one that fits is
 * taken. A time in another unit, or without a zone, is said to the supervision; one that cannot be read is a warning, and
 * null.
 */
export function compileTime(
  places: ReadMap['time'],
  context: DecodeContext,
): (scope: Scope, receivedAt: number, sink: Sink) => number | null {
  const spots = spotsOf(places ?? []).map(({ place, formats }) => ({ get: compilePlace(place), formats }));
  const tell = createRemarks(context);
  const zone = context.zone?.zone ?? null;
  const iso = createIsoTexts();
  const timeIn = (value: unknown, formats: readonly TimeFormat[], receivedAt: number, sink: Sink): number | null => {
    const read = bestOf(formats, (format) => readTime(value, format, zone, receivedAt, iso));
    if (read !== null) tell(read.time, read.due, sink);
    if (read === null || read.time.at === null) sink.warn('TIME_UNPARSED', 1);
    return read?.time.at ?? null;
  };
  return (scope, receivedAt, sink) => {
    for (const { get, formats } of spots) {
      const value = get(scope);
      if (value !== undefined && value !== null) return timeIn(value, formats, receivedAt, sink);
    }
    return null;
  };
}

/** One place each, with every format that is given for it. */
export function spotsOf(places: Places) {
  const spots = new Map<string, { place: Place; formats: TimeFormat[] }>();
  for (const { format, ...place } of places) {
    const key = JSON.stringify(place);
    const spot = spots.get(key) ?? { place, formats: [] };
    spot.formats.push(format);
    spots.set(key, spot);
  }
  return [...spots.values()];
}

type Read = { readonly time: ReadTime; readonly due: TimeFormat };

/** The reading in the format that is due, else the first one. */
function bestOf(formats: readonly TimeFormat[], read: (format: TimeFormat) => ReadTime | null): Read | null {
  let first: Read | null = null;
  for (const due of formats) {
    const time = read(due);
    if (time !== null && time.format === due) return { time, due };
    if (time !== null) first ??= { time, due };
  }
  return first;
}

const words = { iso: 'ISO 8601', s: 's', ms: 'ms', us: 'µs', ns: 'ns' } as const;

/** Says what had to be assumed of a time; each remark is one object, so that many reads say it once. */
function createRemarks({ zone = null }: DecodeContext): (time: ReadTime, due: TimeFormat, sink: Sink) => void {
  const unzoned: Remark =
    zone === null
      ? { about: 'remark', code: 'READER_NO_TIME_ZONE', params: {} }
      : { about: 'remark', code: 'READER_TIME_ZONE', params: { zone: zone.zone.name } };
  const units = new Map<string, Remark>();
  const ofUnit = (found: ReadTime['format'], due: TimeFormat): Remark => {
    // `format` is the word of a map, which knows no nanoseconds.
    const params = { found: words[found], due: words[due], format: found === 'ns' ? due : found };
    const known = units.get(found + due) ?? { about: 'remark', code: 'READER_TIME_UNIT', params };
    units.set(found + due, known);
    return known;
  };
  return ({ format, isZoned }, due, sink) => {
    if (format !== due) sink.sign(ofUnit(format, due), null);
    if (!isZoned && zone?.isAssumed !== false) sink.sign(unzoned, null);
  };
}
