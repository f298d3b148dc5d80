import type { TagCodec } from '../tags/index.ts';
import { createHashIndex, type HashIndex, hashText } from './hash-index.ts';
import type { Item } from './item.ts';
import {
  createNames,
  createSegment,
  hexElsewhere,
  type Names,
  readHex,
  readRow,
  type Segment,
  segmentRows,
  touchRow,
  writeHex,
  writeRow,
} from './item-columns.ts';
import { derivationOf, derivedId, derivedRest, type Identity } from './item-identity.ts';

/** Items in columns: 82 bytes and 17 to 21 of the index for each. What comes out equals what was put. */
export type ItemMemory = {
  lookUp(id: string): Item | null;
  has(id: string): boolean;
  put(item: Item): void;
  forget(id: string): void;
  /** The item was seen at `at`, epoch ms; an earlier time, or an item that is not here, changes nothing. */
  touch(id: string, at: number): void;
  size(): number;
};

type Memory = {
  readonly tags: TagCodec;
  readonly seed: number;
  readonly segments: Segment[];
  readonly index: HashIndex;
  readonly names: Names;
  /** Rows that were forgotten, to be used again. */
  readonly free: number[];
  /** How many rows were ever used. */
  rows: number;
  /** Identities that do not follow from the hex. */
  readonly identities: Map<number, Identity>;
  readonly hexes: Map<number, string>;
  readonly custodies: Map<number, NonNullable<Item['custody']>>;
  /** Items that no column fits: kept as they are. */
  readonly whole: Map<number, Item>;
};

/** `seed`: any number of the process's own, against aimed collisions of the index. */
export function createItemMemory(tags: TagCodec, seed: number): ItemMemory {
  const memory: Memory = {
    tags,
    seed,
    segments: [],
    index: createHashIndex(),
    names: createNames(),
    free: [],
    rows: 0,
    identities: new Map(),
    hexes: new Map(),
    custodies: new Map(),
    whole: new Map(),
  };
  return {
    lookUp: (id) => lookUp(memory, id),
    has: (id) => rowOf(memory, id) >= 0,
    put: (item) => put(memory, item),
    forget: (id) => forget(memory, id, rowOf(memory, id)),
    touch: (id, at) => {
      const row = rowOf(memory, id);
      if (row < 0) return;
      const item = memory.whole.get(row);
      if (item === undefined) touchRow(segmentOf(memory, row), row % segmentRows, at);
      else if (!((item.lastSeenAt ?? Number.NaN) >= at)) memory.whole.set(row, { ...item, lastSeenAt: at });
    },
    size: () => memory.rows - memory.free.length,
  };
}

function lookUp(memory: Memory, id: string): Item | null {
  const row = rowOf(memory, id);
  return row < 0 ? null : itemAt(memory, row, id);
}

function rowOf(memory: Memory, id: string): number {
  return memory.index.find(hashText(id, memory.seed), (row) => idAt(memory, row) === id);
}

function itemAt(memory: Memory, row: number, id: string): Item {
  const whole = memory.whole.get(row);
  if (whole !== undefined) return whole;
  const columns = readRow(segmentOf(memory, row), row % segmentRows, memory.names);
  const hex = hexOf(memory, row);
  const identity = memory.identities.get(row) ?? derivedRest(derivationAt(memory, row), id, hex, memory.tags);
  return {
    id,
    hex,
    scheme: columns.scheme,
    epcUri: identity.epcUri,
    gtin: identity.gtin,
    presence: columns.presence,
    absentReason: columns.absentReason,
    readPoint: columns.readPoint,
    location: columns.location,
    previousLocation: columns.previousLocation,
    placeSince: columns.placeSince,
    placeSource: columns.placeSource,
    placeConfidence: columns.placeConfidence,
    lifecycle: columns.lifecycle,
    lifecycleReason: columns.lifecycleReason,
    owner: columns.owner,
    custody: memory.custodies.get(row) ?? null,
    condition: columns.condition,
    tag: columns.tag,
    bucket: columns.bucket,
    serviceCount: columns.serviceCount,
    reader: columns.reader,
    antenna: columns.antenna,
    rssi: columns.rssi,
    firstSeenAt: columns.firstSeenAt,
    lastSeenAt: columns.lastSeenAt,
    asOf: columns.asOf,
  };
}

function put(memory: Memory, item: Item): void {
  const known = rowOf(memory, item.id);
  const row = known >= 0 ? known : newRow(memory);
  const segment = segmentOf(memory, row);
  const at = row % segmentRows;
  // An identity stays what it is; only by another hex may it have to be derived anew.
  const isSame = known >= 0 && memory.whole.get(row) === undefined && hexOf(memory, row) === item.hex;
  if (!isSame || segment.derivation[at] === 0) writeIdentity(memory, row, item);
  setOrDelete(memory.custodies, row, item.custody);
  setOrDelete(memory.whole, row, writeRow(segment, at, item, memory.names) ? null : item);
  if (known < 0) memory.index.add(hashText(item.id, memory.seed), row);
}

function writeIdentity(memory: Memory, row: number, { id, hex, scheme, epcUri, gtin }: Item): void {
  const segment = segmentOf(memory, row);
  const at = row % segmentRows;
  const fits = writeHex(segment, at, hex);
  if (!fits) segment.digits[at] = hexElsewhere;
  setOrDelete(memory.hexes, row, fits ? null : hex);
  const identity = { id, scheme, epcUri, gtin };
  const derivation = derivationOf(identity, hex, memory.tags);
  segment.derivation[at] = derivation;
  setOrDelete(memory.identities, row, derivation > 0 ? null : identity);
}

function forget(memory: Memory, id: string, row: number): void {
  if (row < 0) return;
  memory.index.remove(hashText(id, memory.seed), row);
  for (const side of [memory.identities, memory.hexes, memory.custodies, memory.whole]) side.delete(row);
  memory.free.push(row);
}

function newRow(memory: Memory): number {
  const freed = memory.free.pop();
  if (freed !== undefined) return freed;
  if (memory.rows % segmentRows === 0) memory.segments.push(createSegment());
  return memory.rows++;
}

function idAt(memory: Memory, row: number): string {
  return memory.identities.get(row)?.id ?? derivedId(derivationAt(memory, row), hexOf(memory, row), memory.tags);
}

function derivationAt(memory: Memory, row: number): number {
  return segmentOf(memory, row).derivation[row % segmentRows] ?? 0;
}

function hexOf(memory: Memory, row: number): string {
  const segment = segmentOf(memory, row);
  const at = row % segmentRows;
  return segment.digits[at] === hexElsewhere ? (memory.hexes.get(row) ?? '') : readHex(segment, at);
}

function segmentOf(memory: Memory, row: number): Segment {
  const segment = memory.segments[Math.floor(row / segmentRows)];
  if (segment === undefined) throw new RangeError(`there is no row ${row}`);
  return segment;
}

function setOrDelete<T>(side: Map<number, T>, row: number, value: T | null): void {
  if (value === null) side.delete(row);
  else side.set(row, value);
}
