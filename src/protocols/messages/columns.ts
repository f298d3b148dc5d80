import type { Remark } from '../sign.ts';
import type { Sink } from '../sink.ts';
import type { ReadMap } from '../vocabulary/read-map.ts';
import type { Header } from './lines.ts';

/** Looks at a header; false, and the message counted once, where it has no column to take an id from. */
export type HeaderCheck = (header: Header, sink: Sink) => boolean;

const LONGEST_LIST = 200;

/**
 * Compiles which columns a map needs by name. What a header lacks is said once a message: of the reader's own map
 * (`isOwn`) every name, of a profile's only that there is no id, because readers leave out what they were not asked for.
 */
export function compileHeaderCheck(map: ReadMap, isOwn: boolean): HeaderCheck {
  const ids = namesOf([...map.id, ...(map.tid ?? [])]);
  const fields = isOwn ? fieldsOf(map) : [];
  const remarks = new Map<string, Remark>();
  const remark = (missing: string, there: string): Remark => {
    const key = `${missing}\n${there}`;
    const known = remarks.get(key) ?? { about: 'remark', code: 'READER_COLUMN_MISSING', params: { missing, there } };
    remarks.clear();
    remarks.set(key, known);
    return known;
  };
  return ({ names, line }, sink) => {
    const isThere = new Set(names);
    const there = listed(names.filter((name) => name !== ''));
    const lacks = (wanted: readonly string[] | null) => wanted !== null && !wanted.some((name) => isThere.has(name));
    const missing = [...new Set(fields.filter(lacks).flatMap((wanted) => wanted ?? []))];
    const hasIds = !lacks(ids);
    const told = hasIds ? missing : [...new Set([...(ids ?? []), ...missing])];
    if (told.length > 0) sink.sign(remark(listed(told), there), null);
    if (hasIds && told.length > 0) sink.warn('COLUMN_MISSING', 1);
    if (!hasIds) {
      const why = `the header has no column ${listed(ids ?? [])}; it has ${there}`;
      sink.bad('NO_COLUMN', Buffer.from(line, 'utf8'), 0, why);
    }
    return hasIds;
  };
}

type Places = readonly { readonly path?: string; readonly column?: number; readonly topicLevel?: number }[];

/** The names under which one value may stand; null where it may stand somewhere else too. */
function namesOf(places: Places): readonly string[] | null {
  if (places.some(({ path }) => path === undefined || path.startsWith('/'))) return null;
  return places.map(({ path = '' }) => path);
}

function fieldsOf(map: ReadMap): (readonly string[] | null)[] {
  const { antenna, rssi, time, count, seq, frequency, phase, pc, tid, rules = [] } = map;
  const all = [map.id, antenna, rssi, time, count, seq, frequency, phase, pc, tid];
  const values = all.flatMap((places) => (places === undefined ? [] : [namesOf(places)]));
  return [...values, ...rules.map(({ when }) => namesOf([{ path: when.path }]))];
}

function listed(names: readonly string[]): string {
  const text = names.join(', ');
  if (text === '') return 'none';
  return text.length > LONGEST_LIST ? `${text.slice(0, LONGEST_LIST)}…` : text;
}
