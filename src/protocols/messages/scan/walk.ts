import { type ReadBatch, reserve } from '../../../tags/index.ts';
import { follow, type Matching } from './follow.ts';
import type { Role } from './hole.ts';
import { followItem } from './match-item.ts';
import type { ItemShape, ListShape, Shape } from './shape.ts';
import { blanksEnd, type TextBytes } from './text-bytes.ts';

/** A message that is being read. */
export type Scanning = {
  shapes: Shape[];
  readonly matching: Matching;
  /** What its shapes were learnt from, each time that another one began. */
  readonly met: { readonly samples: unknown[]; size: number };
  text: TextBytes;
  topic: string;
  into: ReadBatch;
};

/** Where the member that begins at a place ends; -1 where it is none that is known. */
export type MemberEnd = (scanning: Scanning, from: number) => number;

const OPEN = 0x5b;
const CLOSE = 0x5d;
const COMMA = 0x2c;
const OBJECT = 0x7b;

/** Goes from member to member of a message: one, the items of a list, or one behind another. false where one is not known. */
export function walk(scanning: Scanning, memberEnd: MemberEnd): boolean {
  const { text } = scanning;
  const from = blanksEnd(text, 0);
  const end = text.bytes[from] === OPEN ? walkList(scanning, from, memberEnd) : walkRow(scanning, from, memberEnd);
  return end === text.length;
}

function walkList(scanning: Scanning, from: number, memberEnd: MemberEnd): number {
  const { text } = scanning;
  for (let at = from, mark = COMMA; mark === COMMA; ) {
    at = memberEnd(scanning, blanksEnd(text, at + 1));
    if (at < 0) return -1;
    at = blanksEnd(text, at);
    mark = text.bytes[at] ?? 0;
    if (mark === CLOSE) return blanksEnd(text, at + 1);
  }
  return -1;
}

/** One member, or objects behind one another, each on one line: only these are read alike whatever stands between them. */
function walkRow(scanning: Scanning, from: number, memberEnd: MemberEnd): number {
  const { text } = scanning;
  let at = memberEnd(scanning, from);
  if (at < 0) return -1;
  at = blanksEnd(text, at);
  while (at < text.length) {
    const isNext = text.bytes[at] === OBJECT && text.bytes[from] === OBJECT && scanning.shapes[0]?.isOneLine === true;
    const end = isNext ? memberEnd(scanning, at) : -1;
    if (end < 0 || scanning.shapes[0]?.isOneLine !== true) return -1;
    at = blanksEnd(text, end);
  }
  return at;
}

/** Reads one member by the first shape that fits; the shape that fitted is looked at first from then on. */
export function takeMember(scanning: Scanning, from: number): number {
  const { shapes, into } = scanning;
  const { size } = into;
  for (let i = 0; i < shapes.length; i++) {
    const shape = shapes[i];
    const end = shape === undefined ? -1 : takeShape(scanning, shape, from);
    if (end >= 0 && shape !== undefined) {
      if (i > 0) toFront(shapes, i);
      if (into.size > size) meet(scanning, shape);
      return end;
    }
    into.size = size;
  }
  return -1;
}

function meet({ met }: Scanning, { sample }: Shape): void {
  if (met.size > 0 && met.samples[met.size - 1] === sample) return;
  met.samples[met.size] = sample;
  met.size += 1;
}

function takeShape(scanning: Scanning, shape: Shape, from: number): number {
  if (shape.topic !== null && shape.topic !== scanning.topic) return -1;
  return shape.list === null ? takeRead(scanning, shape.items, from) : takeList(scanning, shape, shape.list, from);
}

function toFront<T>(all: T[], index: number): void {
  all.unshift(...all.splice(index, 1));
}

function takeRead({ text, matching, into }: Scanning, items: ItemShape[], from: number): number {
  const row = into.size;
  reserve(into, row + 1);
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    const end = item === undefined ? -1 : followItem(item, text, from, matching, into, row);
    if (end < 0 || item === undefined) continue;
    if (i > 0) toFront(items, i);
    into.size = row + 1;
    return end;
  }
  return -1;
}

function takeList(scanning: Scanning, shape: Shape, { head, tail, roles }: ListShape, from: number): number {
  const { text, matching, into } = scanning;
  const { around } = matching;
  const first = into.size;
  const begin = follow(head.program, text, from, matching, around, 0);
  if (begin < 0) return -1;
  let at = blanksEnd(text, begin);
  while (text.bytes[at] !== CLOSE) {
    if (into.size > first) {
      if (text.bytes[at] !== COMMA) return -1;
      at = blanksEnd(text, at + 1);
    }
    const end = takeRead(scanning, shape.items, at);
    if (end < 0) return -1;
    at = blanksEnd(text, end);
  }
  const end = follow(tail.program, text, at, matching, around, 0);
  if (end >= 0) for (const role of roles) share(role, around, into, first);
  return end;
}

/** What stands beside a list is of each of its reads. */
function share(role: Role, around: ReadBatch, into: ReadBatch, first: number): void {
  if (
    role === 'at' ||
    role === 'antenna' ||
    role === 'rssi' ||
    role === 'seq' ||
    role === 'frequencyKhz' ||
    role === 'phaseDeg'
  )
    into[role].fill(around[role][0] ?? 0, first, into.size);
}
