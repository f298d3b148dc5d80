import { base64Text, type HexValue, hexText, wordHex } from '../values.ts';
import type { Form, Hole, Role } from './hole.ts';
import { dig, type Found, giveType, type Lesson, type Plan } from './plan.ts';

type LeafAt = Exclude<Found, 'deep' | { readonly told: string }>;
type Encoded = NonNullable<Lesson['map']['tid']>[number];

/** EPC, TID and PC word of a read. */
export function planId(plan: Plan, lesson: Lesson): boolean {
  const { map } = lesson;
  const tid = planTid(plan, map.tid ?? []);
  const ids = tid === null ? null : planEpc(plan, map.id);
  if (tid === null || ids === null) return false;
  if (ids === 0) {
    giveType(plan, 'tid');
    return tid > 0 && planPc(plan, map.pc ?? []);
  }
  giveType(plan, map.idType ?? 'epc');
  return planSuffix(plan, map.tidSuffix, ids, tid) && planPc(plan, map.pc ?? []);
}

const texts = { hex: hexText, base64: base64Text } as const;

/** How many EPCs stand in it, each the same; null where one is none. The one that comes first in the text goes first. */
function planEpc(plan: Plan, places: Lesson['map']['id']): number | null {
  const found: { readonly at: LeafAt; readonly form: Form }[] = [];
  for (const place of places) {
    const at = leafOf(plan, place);
    if (at === 'bad') return null;
    if (at !== null) found.push({ at, form: place.encoding ?? 'hex' });
  }
  found.sort((one, other) => one.at.from - other.at.from);
  const isDug = found.every(({ at, form }, i) => dig(plan, at.leaf, holeOf(i === 0 ? 'epc' : 'again', form)));
  return isDug ? found.length : null;
}

function planTid(plan: Plan, places: readonly Encoded[]): number | null {
  for (const place of places) {
    const at = leafOf(plan, place);
    if (at === 'bad') return null;
    if (at !== null) return dig(plan, at.leaf, holeOf('tid', place.encoding ?? 'hex')) ? 1 : null;
  }
  return 0;
}

/** The leaf with a good value; null where there is nothing of it, which then has to stay so. */
function leafOf(plan: Plan, place: Encoded): LeafAt | 'bad' | null {
  const found = plan.at(place);
  if (found === undefined) return null;
  if (found === 'deep' || 'told' in found) return 'bad';
  const value = texts[place.encoding ?? 'hex'](found.value);
  if (value === null) plan.fixed.add(found.leaf);
  return value === null || value === 'bad' ? value : found;
}

function planSuffix(plan: Plan, suffix: Lesson['map']['tidSuffix'], ids: number, tids: number): boolean {
  // A path of a suffix has no slash in front: it is looked for in the member alone.
  const found = suffix === undefined ? undefined : plan.inMember(suffix.path);
  if (suffix === undefined || found === undefined || found === 'deep' || 'told' in found) return true;
  plan.fixed.add(found.leaf);
  if (found.value !== suffix.is) return true;
  plan.suffix = suffix.digits;
  return ids === 1 && tids === 0 && suffix.digits % 2 === 0;
}

const words = { hex: hexText, base64: base64Text, number: wordHex } as const;

/** The first place with a PC word; what stands before it and is none has to stay. */
function planPc(plan: Plan, places: NonNullable<Lesson['map']['pc']>): boolean {
  for (const place of places) {
    const found = plan.at(place);
    if (found === undefined || found === 'deep') continue;
    if ('told' in found) return false;
    if (isWord(words[place.encoding](found.value))) return dig(plan, found.leaf, pcHole(found, place.encoding));
    plan.fixed.add(found.leaf);
  }
  return true;
}

function isWord(value: HexValue): boolean {
  return value !== null && value !== 'bad' && value.hex.length === 4;
}

function pcHole({ value }: LeafAt, encoding: 'hex' | 'base64' | 'number'): Hole {
  if (encoding !== 'number') return holeOf('pc', encoding);
  return holeOf('pc', typeof value === 'number' ? 'number' : 'text');
}

function holeOf(role: Role, form: Form): Hole {
  return { form, role, factor: 1, formats: [] };
}
