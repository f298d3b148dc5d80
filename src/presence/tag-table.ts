import { hexAt, hexOfWords, idTypes, type ReadBatch, type TagRead, wordDigits } from '../tags/index.ts';
import { addTo, createHashIndex, findIn, type HashIndex, removeFrom } from './hash-index.ts';
import { hashContent, hashText, type Multipliers, multipliersOf } from './hashing.ts';
import { ALIAS, ALIASED, CONTENT, KEYED, LONG, laneOf, metaOf, ODD, PC_GIVEN, setLane, setMeta } from './record.ts';
import { freeRecord, intAt, intsAt, intsOf, newRecord, type Slab } from './slab.ts';

export type Identify = (read: Pick<TagRead, 'epc' | 'idType' | 'pc'>) => string;

/**
 * Which tags are here, found by what a reader reports, and by who they are: several spellings of one thing are one tag. A tag
 * without a stay takes no room.
 */
export type TagTable = {
  readonly slab: Slab;
  readonly by: Multipliers;
  /** By content, spellings included. */
  readonly keys: HashIndex;
  /** By identity. */
  readonly ids: HashIndex;
  readonly identify: Identify;
  /** Contents of more digits than the words of a record hold. */
  readonly long: Map<number, string>;
  /** Identities that do not follow from the content: of tags from disk that a former configuration decoded. */
  readonly odd: Map<number, string>;
  /** First other spelling of a tag that has some. */
  readonly aliases: Map<number, number>;
  /** What `long`, `odd` and `aliases` take, bytes. */
  beside: number;
  /** Counts each change of which contents are known. */
  version: number;
  /** The identities asked for last. */
  readonly lastIds: string[];
  readonly lastTags: Int32Array;
};

/** What a report says that the tag is. `more` is lane 3 of a record: digits, type, AFI, and whether there was a PC word. */
export type Content = {
  readonly w0: number;
  readonly w1: number;
  readonly w2: number;
  readonly more: number;
  readonly long: string | null;
};

/** Identities that are remembered: those of the tags that came and are about to be confirmed. */
const remembered = 4096;
/** Of an entry in one of the maps, without its text. */
const perEntry = 64;

export function createTagTable(slab: Slab, identify: Identify, seed: number): TagTable {
  const by = multipliersOf(seed);
  const table: TagTable = {
    slab,
    by,
    keys: createHashIndex((record) => keyHashOf(table, record)),
    ids: createHashIndex((record) => laneOf(slab, record, 4)),
    identify,
    long: new Map(),
    odd: new Map(),
    aliases: new Map(),
    beside: 0,
    version: 0,
    lastIds: new Array<string>(remembered).fill(''),
    lastTags: new Int32Array(remembered),
  };
  return table;
}

/** Lane 3 of a record for row `row`. Only an EPC's PC word may say that it is none but an ISO UII [TDS 9.2.3]. */
export function contentBits(batch: ReadBatch, row: number): number {
  const pc = batch.pc[row] ?? -1;
  const type = batch.idType[row] ?? 0;
  const digits = (batch.epc.digits[row] ?? 0) | (type << 8);
  if (pc < 0) return digits;
  return type === 0 && (pc & 0x100) !== 0 ? digits | PC_GIVEN | 0x400 | ((pc & 0xff) << 11) : digits | PC_GIVEN;
}

export function contentOf(batch: ReadBatch, row: number): Content {
  const { words, long } = batch.epc;
  const more = contentBits(batch, row);
  return {
    w0: (words[3 * row] ?? 0) | 0,
    w1: (words[3 * row + 1] ?? 0) | 0,
    w2: (words[3 * row + 2] ?? 0) | 0,
    more: (more & 0xff) > wordDigits ? more | LONG : more,
    long: long[row] ?? null,
  };
}

/** The hash of a content, and of row `row`. */
export function contentHash(table: TagTable, { w0, w1, w2, more, long }: Content): number {
  const hash = hashContent(table.by, w0, w1, w2, more & CONTENT);
  return long === null ? hash : hash ^ hashText(table.by, long);
}

/** The record of a content, or 0. */
export function findContent(table: TagTable, hash: number, { w0, w1, w2, more, long }: Content): number {
  return findIn(table.keys, hash, (record) => {
    const ints = intsOf(table.slab, record);
    const at = intsAt(record);
    if (ints[at] !== w0 || ints[at + 1] !== w1 || ints[at + 2] !== w2) return false;
    if ((((ints[at + 3] ?? 0) ^ more) & CONTENT) !== 0) return false;
    return long === null || table.long.get(record) === long;
  });
}

/** The tag with this identity, or 0. */
export function findId(table: TagTable, id: string): number {
  return findIdHash(table, idHash(table, id), id);
}

/** The same, with the hash of the identity. */
export function findIdHash(table: TagTable, hash: number, id: string): number {
  return findIn(table.ids, hash, (tag) => laneOf(table.slab, tag, 4) === hash && idOf(table, tag) === id);
}

/** The identity of a tag. The last ones are remembered, others are decoded. */
export function idOf(table: TagTable, tag: number): string {
  const slot = tag & (remembered - 1);
  if (table.lastTags[slot] === tag) return table.lastIds[slot] ?? '';
  const odd = (metaOf(table.slab, tag) & ODD) === 0 ? undefined : table.odd.get(tag);
  return remember(table, tag, odd ?? identityOf(table, metaOf(table.slab, tag), hexOf(table, tag)));
}

function remember(table: TagTable, tag: number, id: string): string {
  const slot = tag & (remembered - 1);
  table.lastTags[slot] = tag;
  table.lastIds[slot] = id;
  return id;
}

/** The identity behind a content; `more` is its lane 3. */
export function identityOf(table: TagTable, more: number, epc: string): string {
  return table.identify({ epc, idType: idTypes[(more >>> 8) & 3] ?? 'epc', pc: pcOf(more) });
}

/** The identities behind the rows of a message. */
export function identitiesOf(table: TagTable, batch: ReadBatch): Set<string> {
  const ids = new Set<string>();
  for (let row = 0; row < batch.size; row++) {
    ids.add(identityOf(table, contentBits(batch, row), hexAt(batch.epc, row) ?? ''));
  }
  return ids;
}

/** A PC word that says of the content what the one that was reported said. */
function pcOf(more: number): string | null {
  if ((more & PC_GIVEN) === 0) return null;
  if ((more & 0x400) === 0) return '3000';
  return `31${((more >>> 11) & 0xff).toString(16).toUpperCase().padStart(2, '0')}`;
}

/** Upper-case hex of the content of a tag or of a spelling. */
export function hexOf(table: TagTable, record: number): string {
  const meta = metaOf(table.slab, record);
  if ((meta & LONG) !== 0) return table.long.get(record) ?? '';
  const ints = intsOf(table.slab, record);
  const at = intsAt(record);
  return hexOfWords(intAt(ints, at), intAt(ints, at + 1), intAt(ints, at + 2), meta & 0xff);
}

/** A new tag, without a stay; `hash` is that of its identity. `isOdd`: its identity does not follow from the content, so that only its identity finds it. */
export function newTag(table: TagTable, content: Content, id: string, hash: number, isOdd: boolean): number {
  const tag = newRecord(table.slab);
  write(table, tag, content, isOdd ? ODD : 0);
  setLane(table.slab, tag, 4, hash);
  addTo(table.ids, hash, tag);
  if (isOdd) {
    table.odd.set(tag, id);
    table.beside += perEntry + id.length;
  } else key(table, tag, content);
  remember(table, tag, id);
  return tag;
}

/** Another spelling of a tag; its record. */
export function newAlias(table: TagTable, tag: number, content: Content): number {
  const alias = newRecord(table.slab);
  write(table, alias, content, ALIAS);
  setLane(table.slab, alias, 5, tag);
  setLane(table.slab, alias, 6, table.aliases.get(tag) ?? 0);
  table.aliases.set(tag, alias);
  setMeta(table.slab, tag, ALIASED, true);
  table.beside += perEntry;
  key(table, alias, content);
  return alias;
}

/** Drops a tag that has no stay any more, with all its spellings. */
export function dropTag(table: TagTable, tag: number): void {
  const { slab } = table;
  if (table.lastTags[tag & (remembered - 1)] === tag) table.lastTags[tag & (remembered - 1)] = 0;
  removeFrom(table.ids, laneOf(slab, tag, 4), tag);
  for (let alias = table.aliases.get(tag) ?? 0; alias !== 0; ) {
    const next = laneOf(slab, alias, 6);
    table.beside -= perEntry;
    dropContent(table, alias);
    alias = next;
  }
  table.aliases.delete(tag);
  const odd = table.odd.get(tag);
  if (odd !== undefined) table.beside -= perEntry + odd.length;
  table.odd.delete(tag);
  dropContent(table, tag);
}

function dropContent(table: TagTable, record: number): void {
  table.version++;
  const meta = metaOf(table.slab, record);
  if ((meta & KEYED) !== 0) removeFrom(table.keys, keyHashOf(table, record), record);
  if ((meta & LONG) !== 0) {
    table.beside -= perEntry + (table.long.get(record)?.length ?? 0);
    table.long.delete(record);
  }
  freeRecord(table.slab, record);
}

function write(table: TagTable, record: number, { w0, w1, w2, more, long }: Content, flag: number): void {
  const ints = intsOf(table.slab, record);
  const at = intsAt(record);
  ints[at] = w0;
  ints[at + 1] = w1;
  ints[at + 2] = w2;
  ints[at + 3] = more | flag;
  if (long === null) return;
  table.long.set(record, long);
  table.beside += perEntry + long.length;
}

function key(table: TagTable, record: number, content: Content): void {
  table.version++;
  setMeta(table.slab, record, KEYED, true);
  addTo(table.keys, contentHash(table, content), record);
}

function keyHashOf(table: TagTable, record: number): number {
  const ints = intsOf(table.slab, record);
  const at = intsAt(record);
  const more = ints[at + 3] ?? 0;
  const hash = hashContent(table.by, ints[at] ?? 0, ints[at + 1] ?? 0, ints[at + 2] ?? 0, more & CONTENT);
  return (more & LONG) === 0 ? hash : hash ^ hashText(table.by, table.long.get(record) ?? '');
}

/** The hash of an identity. */
export function idHash({ by }: TagTable, id: string): number {
  return hashText(by, id);
}
