import { wordDigits } from '../tags/index.ts';
import { buckets, type Item, lifecycles } from './item.ts';

/** Rows of a segment. Segments never move: growth copies nothing. */
export const segmentRows = 1 << 14;

/** Columns of `segmentRows` items: 82 bytes each. Everything of `Item` but its id, URI, GTIN and custody. */
export type Segment = {
  readonly words: Uint32Array;
  readonly digits: Uint8Array;
  readonly axes: Uint32Array;
  readonly names: Uint16Array;
  readonly times: Float64Array;
  readonly levels: Float64Array;
  readonly counts: Uint16Array;
  /** How the identity follows from the hex: a number of item-identity.ts, or 0. */
  readonly derivation: Uint8Array;
};

/** Numbers for names of readers, read points, locations, reasons and schemes; 0 = null. */
export type Names = {
  /** The number of a name, or null when there are more names than numbers. */
  numberOf(name: string | null): number | null;
  nameOf(number: number): string | null;
};

/** Digits of a hex that stands elsewhere as a whole. */
export const hexElsewhere = 255;

/** Members of few values: each has its bits of one word. */
const axes = [
  ['presence', ['UNSEEN', 'PRESENT', 'EXITING', 'ABSENT', 'GONE']],
  ['absentReason', [null, 'timeout', 'exit']],
  ['placeSource', [null, 'sensor', 'inferred', 'business']],
  ['lifecycle', lifecycles],
  ['owner', ['own', 'customer', 'vendor']],
  ['condition', ['ok', 'alert', 'hold']],
  ['tag', ['blank', 'encoded', 'verified', 'locked', 'killed']],
  ['bucket', [null, ...buckets]],
] as const satisfies readonly (readonly [keyof Item, readonly (string | null)[]])[];

const names = ['readPoint', 'location', 'previousLocation', 'lifecycleReason', 'reader', 'scheme'] as const;
const times = ['placeSince', 'firstSeenAt', 'lastSeenAt', 'asOf'] as const;
const levels = ['placeConfidence', 'rssi'] as const;
const axisBits = 4;
const most = 0xffff;

export function createSegment(): Segment {
  return {
    words: new Uint32Array(3 * segmentRows),
    digits: new Uint8Array(segmentRows),
    axes: new Uint32Array(segmentRows),
    names: new Uint16Array(names.length * segmentRows),
    times: new Float64Array(times.length * segmentRows),
    levels: new Float64Array(levels.length * segmentRows),
    counts: new Uint16Array(2 * segmentRows),
    derivation: new Uint8Array(segmentRows),
  };
}

export function createNames(): Names {
  const numbers = new Map<string, number>();
  const list: (string | null)[] = [null];
  return {
    numberOf: (name) => {
      if (name === null) return 0;
      const known = numbers.get(name);
      if (known !== undefined) return known;
      if (list.length > most) return null;
      numbers.set(name, list.length);
      return list.push(name) - 1;
    },
    nameOf: (number) => list[number] ?? null,
  };
}

/** Writes the columns of an item; false when a member has no room in them. */
export function writeRow(segment: Segment, at: number, item: Item, known: Names): boolean {
  const { antenna, serviceCount } = item;
  if (!(isCount(antenna ?? 1) && antenna !== 0 && isCount(serviceCount))) return false;
  const word = axesOf(item);
  if (word === null || !writeNames(segment, at, item, known)) return false;
  segment.axes[at] = word;
  segment.counts[2 * at] = antenna ?? 0;
  segment.counts[2 * at + 1] = serviceCount;
  times.forEach((member, n) => {
    segment.times[times.length * at + n] = item[member] ?? Number.NaN;
  });
  levels.forEach((member, n) => {
    segment.levels[levels.length * at + n] = item[member] ?? Number.NaN;
  });
  return true;
}

/** The members that stand in columns, without id, hex and custody. */
export function readRow(segment: Segment, at: number, known: Names) {
  const word = segment.axes[at] ?? 0;
  const name = (n: number) => known.nameOf(segment.names[names.length * at + n] ?? 0);
  const time = (n: number) => orNull(segment.times[times.length * at + n]);
  return {
    presence: axis(word, 0, axes[0][1]),
    absentReason: axis(word, 1, axes[1][1]),
    readPoint: name(0),
    location: name(1),
    previousLocation: name(2),
    placeSince: time(0),
    placeSource: axis(word, 2, axes[2][1]),
    placeConfidence: orNull(segment.levels[levels.length * at]),
    lifecycle: axis(word, 3, axes[3][1]),
    lifecycleReason: name(3),
    owner: axis(word, 4, axes[4][1]),
    condition: axis(word, 5, axes[5][1]),
    tag: axis(word, 6, axes[6][1]),
    bucket: axis(word, 7, axes[7][1]),
    serviceCount: segment.counts[2 * at + 1] ?? 0,
    reader: name(4),
    scheme: name(5) ?? '',
    antenna: segment.counts[2 * at] || null,
    rssi: orNull(segment.levels[levels.length * at + 1]),
    firstSeenAt: time(1),
    lastSeenAt: time(2),
    asOf: time(3) ?? 0,
  };
}

/** The row's last sight, epoch ms, where it is later than what stands there. */
export function touchRow(segment: Segment, at: number, lastSeenAt: number): void {
  const index = times.length * at + 2;
  const before = segment.times[index] ?? Number.NaN;
  if (!(before >= lastSeenAt)) segment.times[index] = lastSeenAt;
}

/** Writes upper-case hex of up to 24 digits; false for any other. */
export function writeHex(segment: Segment, at: number, hex: string): boolean {
  if (hex.length > wordDigits || !/^[0-9A-F]*$/.test(hex)) return false;
  segment.digits[at] = hex.length;
  for (let word = 0; word < 3; word++) {
    const part = hex.slice(8 * word, 8 * word + 8);
    segment.words[3 * at + word] = part === '' ? 0 : Number.parseInt(part.padEnd(8, '0'), 16);
  }
  return true;
}

export function readHex(segment: Segment, at: number): string {
  let hex = '';
  for (let word = 0; word < 3; word++) hex += (segment.words[3 * at + word] ?? 0).toString(16).padStart(8, '0');
  return hex.slice(0, segment.digits[at]).toUpperCase();
}

function writeNames(segment: Segment, at: number, item: Item, known: Names): boolean {
  for (let n = 0; n < names.length; n++) {
    const member = names[n];
    const number = member === undefined ? null : known.numberOf(item[member]);
    if (number === null) return false;
    segment.names[names.length * at + n] = number;
  }
  return true;
}

function axesOf(item: Item): number | null {
  let word = 0;
  for (let n = 0; n < axes.length; n++) {
    const [member, values] = axes[n] ?? axes[0];
    const index = (values as readonly (string | null)[]).indexOf(item[member]);
    if (index < 0) return null;
    word |= index << (axisBits * n);
  }
  return word >>> 0;
}

function axis<T>(word: number, n: number, values: readonly T[]): T {
  const value = values[(word >>> (axisBits * n)) & 15];
  if (value === undefined) throw new RangeError(`axis ${n} of ${word} has no such value`);
  return value;
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= most;
}

function orNull(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}
