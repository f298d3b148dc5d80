import { type ReadBatch, readAt, type TagRead } from '../tags/index.ts';
import { hasRoom, makeRoom } from './budget.ts';
import { addToGlimpse, hasLapsed, isConfirmed, isOtherStay, isProof, openGlimpse } from './confirmation.ts';
import { entryAt } from './entries.ts';
import { COUNT, glimpseLane } from './glimpses.ts';
import { moveOn } from './hash-index.ts';
import type { Observation } from './observation.ts';
import { repeatQuickly } from './quick-repeat.ts';
import { laneOf, metaOf, PRESENT, setMeta, stateOf, tagOfRecord, UNSETTLED } from './record.ts';
import { spell, takeRepeat, weigh } from './repeat.ts';
import { isCopy, isRedelivery, isSeen } from './repetition.ts';
import { learnReturn } from './rhythm.ts';
import type { Room, Turn } from './room.ts';
import { recordOf, rowsAtOnce, seek } from './row-search.ts';
import { floatAt } from './slab.ts';
import { type Listener, listenerOf, type Source, sourceNow } from './sources.ts';
import { confirmStay, dueAt, endStay, heard, observe, plan } from './stays.ts';
import {
  type Content,
  contentHash,
  contentOf,
  findContent,
  findIdHash,
  identityOf,
  idHash,
  idOf,
  newAlias,
  newTag,
} from './tag-table.ts';

/** What `take` made of a message. */
export type Taken = {
  readonly observations: readonly Observation[];
  /**
   * The highest turn that is not settled and has an observation of a tag that this message repeats or relies on, 0 = none: then
   * a message without observations may be acknowledged at once.
   */
  readonly reliesOn: number;
  /** The number of this turn; 0 where it has no observation. */
  readonly turn: number;
  /** Rows for which there was no room. */
  readonly refused: readonly number[];
};

const none: readonly never[] = [];
const nothing: Taken = { observations: none, reliesOn: 0, turn: 0, refused: none };

/** What the reads of one message share. */
type Message = Turn & {
  readonly batch: ReadBatch;
  readonly listener: Listener;
  readonly redelivered: boolean;
  /** Running number among all messages. */
  readonly number: number;
  /** Sources that have read something in it: the first, and the others where there are any. */
  first: Source | null;
  readonly others: Source[];
  seqs: Set<string> | null;
  readonly refused: number[];
  reliesOn: number;
  /** Of the row before: its antenna, -1 = none, and where that reads. */
  antenna: number;
  source: Source | null;
};

/** Takes the reads of one message; `number` is its running number. */
export function takeBatch(room: Room, batch: ReadBatch, number: number, now: number, redelivered: boolean): Taken {
  if (batch.size === 0) return nothing;
  const listener = listenerOf(room.sources, batch.reader);
  const message: Message = {
    batch,
    listener,
    redelivered,
    number,
    now,
    first: null,
    others: [],
    seqs: null,
    refused: [],
    reliesOn: 0,
    antenna: -1,
    source: null,
    out: [],
  };
  if (room.opened.size > 0) room.opened.clear();
  moveOn(room.tags.keys, batch.size);
  moveOn(room.tags.ids, batch.size);
  for (let from = 0; from < batch.size; from += rowsAtOnce) {
    const to = Math.min(batch.size, from + rowsAtOnce);
    seek(room.search, room.tags, batch, from, to);
    takeRows(room, message, from, to);
  }
  if (message.first !== null) countRepeats(room, message.first);
  for (const source of message.others) countRepeats(room, source);
  return finish(room, message);
}

function countRepeats(room: Room, source: Source): void {
  if (source.repeats > 0) room.count(source.listener.id, 'REPEAT', source.antenna || null, source.repeats);
  source.repeats = 0;
}

function finish(room: Room, { out, refused, reliesOn, listener, now }: Message): Taken {
  if (refused.length > 0) listener.refusedAt = now - room.line.shift;
  else if (listener.refusedAt !== null) heard(listener, now - room.line.shift);
  const turn = room.settling.end(out.length > 0);
  if (turn === 0 && reliesOn === 0 && refused.length === 0) return nothing;
  return { observations: out, reliesOn, turn, refused };
}

/** Takes rows that were looked for: quickly as far as that goes, then one in full, and so on. */
function takeRows(room: Room, message: Message, from: number, to: number): void {
  const { batch } = message;
  for (let row = from; row < to; row++) {
    const antenna = batch.antenna[row] ?? 0;
    const source = antenna === message.antenna ? message.source : sourceFor(room, message, antenna);
    row = source === null ? row : skipRepeats(room, message, row, from, to, source);
    if (row < to) takeRow(room, message, row, from);
  }
}

/** The next row that is not taken quickly. */
function skipRepeats(room: Room, message: Message, row: number, from: number, to: number, source: Source): number {
  if (message.redelivered || room.slab.made === 0) return row;
  const next = repeatQuickly(room, message.batch, source, from, row, to);
  source.repeats += next - row;
  return next;
}

function takeRow(room: Room, message: Message, row: number, from: number): void {
  const antenna = message.batch.antenna[row] ?? 0;
  const source = antenna === message.antenna ? message.source : sourceFor(room, message, antenna);
  const reason = source === null ? 'NO_READ_POINT' : takeAt(room, message, row, from, source);
  if (reason !== null) room.count(message.listener.id, reason, antenna || null, 1);
}

/** The source of an antenna, which the next row has, too, more often than not. */
function sourceFor(room: Room, message: Message, antenna: number): Source | null {
  const { listener, number } = message;
  const isNew = listener.lookedUp[antenna] !== number;
  const source = sourceNow(room.sources, listener, antenna, number);
  if (isNew && source !== null) {
    if (message.first === null) message.first = source;
    else message.others.push(source);
  }
  message.antenna = antenna;
  message.source = source;
  return source;
}

/** Takes a read of a source; the answer is the reason to count, null where there is none or it is counted with others. */
function takeAt(room: Room, message: Message, row: number, from: number, source: Source): string | null {
  const { batch } = message;
  if (floatAt(batch.rssi, row) < source.place.minRssi) return 'BELOW_FLOOR';
  const key = recordOf(room.search, room.tags, batch, from, row);
  const tag = key === 0 ? 0 : tagOfRecord(room.slab, key);
  const entry = tag === 0 ? 0 : entryAt(room, tag, source.place);
  if (entry === 0 || message.redelivered || !takeRepeat(room, batch, row, source, entry, key, tag)) {
    return takeOther(room, message, row, source, key);
  }
  source.repeats++;
  if ((metaOf(room.slab, tag) & UNSETTLED) !== 0) rely(room, message, tag);
  return null;
}

/** The message says nothing new of a tag: it may be acknowledged when what is known of the tag is on disk. */
function rely(room: Room, message: Message, tag: number): void {
  const turn = room.settling.turnOf(laneOf(room.slab, tag, 4));
  if (turn === 0) setMeta(room.slab, tag, UNSETTLED, false);
  else if (turn > message.reliesOn && turn !== room.settling.turn()) message.reliesOn = turn;
}

/** One read of which something may follow, and what is known of its tag: 0 = nothing. */
type Sight = {
  readonly row: number;
  readonly read: TagRead;
  readonly source: Source;
  readonly content: Content;
  readonly id: string;
  /** Of the identity. */
  readonly hash: number;
  tag: number;
  key: number;
};

/** Takes any read; the answer is the reason to count when it is no observation. */
function takeOther(room: Room, message: Message, row: number, source: Source, key: number): string | null {
  const sight = sightOf(room, message.batch, row, source, key);
  const { read } = sight;
  const { place } = source;
  const entry = sight.tag === 0 ? 0 : entryAt(room, sight.tag, place);
  if (isDuplicate(room, message, sight, entry)) return known(room, message, sight, 'DUPLICATE');
  if (entry === 0) return glimpse(room, message, sight);
  if (stateOf(room.slab, entry) === PRESENT) {
    if (takeRepeat(room, message.batch, row, source, entry, sight.key, sight.tag)) {
      return known(room, message, sight, 'REPEAT');
    }
    return again(room, message, sight, entry);
  }
  if (hasLapsed(room, entry, place, read)) return again(room, message, sight, entry);
  if (isOtherStay(room, entry, place, read.at)) return known(room, message, sight, 'LATE');
  const before = glimpseLane(room.glimpses, laneOf(room.slab, entry, 8), COUNT);
  const isProven = isProof(read, before, source.rhythm);
  spell(room, entry, sight.key, sight.tag, addToGlimpse(room, entry, source, read));
  weigh(room, sight.tag, entry);
  return confirmOrGlimpse(room, message, sight, entry, isProven);
}

function sightOf(room: Room, batch: ReadBatch, row: number, source: Source, key: number): Sight {
  const { tags } = room;
  const read = readAt(batch, row);
  const content = contentOf(batch, row);
  if (key !== 0) {
    const tag = tagOfRecord(room.slab, key);
    return { row, read, source, content, id: idOf(tags, tag), hash: laneOf(room.slab, tag, 4), tag, key };
  }
  const id = identityOf(tags, content.more, read.epc);
  const hash = idHash(tags, id);
  const tag = findIdHash(tags, hash, id);
  return { row, read, source, content, id, hash, tag, key: tag === 0 ? 0 : newAlias(tags, tag, content) };
}

function known(room: Room, message: Message, { tag, hash }: Sight, reason: string): string {
  if (tag !== 0) rely(room, message, tag);
  else if (room.settling.size() > 0) relyOnGone(room, message, hash);
  return reason;
}

/** The tag has no stay any more, but that may not be on disk yet. */
function relyOnGone({ settling }: Room, message: Message, hash: number): void {
  const turn = settling.turnOf(hash);
  if (turn > message.reliesOn && turn !== settling.turn()) message.reliesOn = turn;
}

/** The stay had ended before this read, which begins the next one. */
function again(room: Room, message: Message, sight: Sight, entry: number): string | null {
  endStay(room, entry, message);
  renew(room, sight);
  return glimpse(room, message, sight);
}

/** Looks up anew what may have gone with another stay. */
function renew({ tags }: Room, sight: Sight): void {
  sight.key = findContent(tags, contentHash(tags, sight.content), sight.content);
  sight.tag = findIdHash(tags, sight.hash, sight.id);
}

function glimpse(room: Room, message: Message, sight: Sight): string | null {
  const { source, read, content, id, hash } = sight;
  if (!hasRoom(room, source.place)) {
    makeRoom(room, source.place, message);
    renew(room, sight);
    if (!hasRoom(room, source.place)) {
      message.refused.push(sight.row);
      return 'PRESENCE_FULL';
    }
  }
  learnReturn(source.rhythm, id, read.at, message.now);
  const tag = sight.tag === 0 ? newTag(room.tags, content, id, hash, false) : sight.tag;
  const key = sight.key === 0 ? tag : sight.key;
  const entry = openGlimpse(room, tag, source, read);
  spell(room, entry, key, tag, true);
  plan(room, entry, dueAt(room, entry));
  if (message.redelivered) room.opened.add(entry);
  weigh(room, tag, entry);
  sight.tag = tag;
  sight.key = key;
  return confirmOrGlimpse(room, message, sight, entry, isProof(read, null, source.rhythm));
}

function confirmOrGlimpse(
  room: Room,
  message: Message,
  { source, read }: Sight,
  entry: number,
  isProven: boolean,
): null {
  if (isProven || isConfirmed(room, entry, source.place)) confirmStay(room, entry, source, message);
  else message.out.push(observe(room, entry, 'glimpsed', read.at, null));
  return null;
}

/** Whether this very report was taken before. Where the tag is present already only a redelivery matters: the rest is a repeat. */
function isDuplicate(room: Room, message: Message, { read, source, id, hash }: Sight, entry: number): boolean {
  const { redelivered } = message;
  const isPresent = entry !== 0 && stateOf(room.slab, entry) === PRESENT;
  if (isPresent && !redelivered) return false;
  const wasThere = entry !== 0 && !room.opened.has(entry);
  if (wasThere && redelivered && isRedelivery(room, entry, read)) return true;
  const { reader, at, receivedAt } = read;
  if (room.ended.holds(hash, id, source.place.id, { reader, at, receivedAt, redelivered })) return true;
  if (isPresent) return false;
  return isSeen(message, read) || (entry !== 0 && isCopy(room, entry, read));
}
