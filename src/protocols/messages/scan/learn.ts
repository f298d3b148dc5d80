import { compilePath } from '../place.ts';
import type { Role } from './hole.ts';
import type { Lesson, Plan } from './plan.ts';
import { planRead } from './plan-read.ts';
import type { ItemShape, ListShape, Part, Shape } from './shape.ts';
import { merged, partOf, stepsKey } from './steps.ts';
import { sliceText, type TextBytes } from './text-bytes.ts';
import { type ListSpan, type Node, parsedJson, type Span, type Tree, treeAt } from './tree.ts';

/** A member's shape, and where the member ends. */
export type Learnt = { readonly shape: Shape; readonly to: number };

/** Shapes that are known of a reader at one time, and kinds of reads in a list of them. */
const MOST_SHAPES = 8;
const MOST_KINDS = 8;
/** What may stand beside a list and counts for each of its reads. */
const shared: readonly Role[] = ['none', 'at', 'antenna', 'rssi', 'seq', 'frequencyKhz', 'phaseDeg'];

/**
 * The shape of the member that begins at `from`: what of it has to stay as it is for the same rules to find the same
 * values in it, and what may differ. null where it is no plain read or list of reads, or the rules look at more of it than
 * texts and numbers at their places.
 */
export function learnMember(lesson: Lesson, text: TextBytes, from: number, topic: string): Learnt | null {
  const tree = treeAt(text, from);
  const sample = tree === null ? undefined : parsedJson(sliceText(text, tree.from, tree.to));
  if (tree === null || sample === undefined) return null;
  const list = (lesson.map.list ?? []).map((path) => compilePath(path)(tree.root)).find(Array.isArray);
  const parts = list === undefined ? learnRead(lesson, text, tree, topic) : learnList(lesson, text, tree, list, topic);
  if (parts === null) return null;
  const isOneLine = !sliceText(text, tree.from, tree.to).includes('\n');
  return { shape: { ...parts, topic: hangsOnTopic(lesson) ? topic : null, sample, isOneLine }, to: tree.to };
}

type Parts = Pick<Shape, 'list' | 'items'>;

function learnRead(lesson: Lesson, text: TextBytes, tree: Tree, topic: string): Parts | null {
  const plan = planRead(lesson, tree, { member: tree.root, root: tree.root, topic });
  if (plan === null || !isReadable(tree.root, lesson)) return null;
  return { list: null, items: [itemOf(plan, partOf(text, tree, tree, plan.holes, plan.fixed))] };
}

/** All kinds of reads in it; what they look at outside of themselves has to be the same. */
function learnList(lesson: Lesson, text: TextBytes, tree: Tree, list: readonly Node[], topic: string): Parts | null {
  const span = tree.lists.get(list);
  const kinds = new Map<string, ItemShape>();
  let around: Around | null = null;
  for (const [index, member] of list.entries()) {
    const own = span?.items[index];
    const plan = isReadable(member, lesson) ? planRead(lesson, tree, { member, root: tree.root, topic }) : null;
    if (span === undefined || own === undefined || plan === null) return null;
    const outside = aroundOf(plan, text, tree, span, own);
    if (outside === null || (around ?? outside).key !== outside.key) return null;
    around = outside;
    addItem(kinds, itemOf(plan, partOf(text, own, tree, plan.holes, plan.fixed)));
  }
  return around === null || kinds.size > MOST_KINDS ? null : { list: around.list, items: [...kinds.values()] };
}

type Around = { readonly list: ListShape; readonly key: string };

function aroundOf(plan: Plan, text: TextBytes, tree: Tree, span: ListSpan, own: Span): Around | null {
  const leaves = [...plan.holes.keys(), ...plan.fixed].map((leaf) => tree.leaves.get(leaf));
  const isLost = ({ from, to }: Span) => isIn(span, from, to) && !isIn(own, from, to);
  if (leaves.some((leaf) => leaf !== undefined && isLost(leaf))) return null;
  const partAt = (from: number, to: number) => partOf(text, { from, to }, tree, plan.holes, plan.fixed);
  const [head, tail] = [partAt(tree.from, span.from + 1), partAt(span.to - 1, tree.to)];
  const roles = [...head.steps, ...tail.steps].flatMap(({ hole }) => (hole === null ? [] : [hole.role]));
  if (roles.some((role) => !shared.includes(role))) return null;
  const list = { head, tail, roles: roles.filter((role) => role !== 'none') };
  return { list, key: listKey(list) };
}

function listKey({ head, tail }: ListShape): string {
  return JSON.stringify([stepsKey(head.steps), stepsKey(tail.steps)]);
}

function isIn(span: Span, from: number, to: number): boolean {
  return from >= span.from && to <= span.to;
}

function itemOf({ given, suffix }: Plan, part: Part): ItemShape {
  return { ...part, given, suffix, isTid: given.idType[0] === 1 };
}

/** Whether a member may be a read at all: an object, or a bare text where the id is one. */
function isReadable(member: Node, { map }: Lesson): boolean {
  if (typeof member === 'symbol') return map.id.some(({ self }) => self === true);
  return !Array.isArray(member);
}

/** Adds a kind of reads to those that are known; of one that is, what differs may differ from then on. */
function addItem(kinds: Map<string, ItemShape>, item: ItemShape): void {
  const key = keyOf(item);
  const known = kinds.get(key);
  kinds.set(key, known === undefined ? item : { ...item, ...merged(item, known) });
}

/** Alike where two items are read in the same way. */
function keyOf({ steps, given, suffix, isTid }: ItemShape): string {
  return JSON.stringify([stepsKey(steps), suffix, isTid, given.round[0], given.antenna[0]]);
}

function hangsOnTopic({ map }: Lesson): boolean {
  return JSON.stringify(map).includes('"topicLevel"');
}

/** Alike where two shapes differ in nothing but what nobody asks for, and in the kinds of reads in their list. */
function shapeKey({ topic, list, items }: Shape): string {
  return JSON.stringify([topic, list === null ? items.map(keyOf) : listKey(list)]);
}

/** The shapes and this one, which comes first; what one of them knew of the same member it knows too. The oldest make room. */
export function withShape(shapes: readonly Shape[], shape: Shape): Shape[] {
  const key = shapeKey(shape);
  const known = shapes.find((one) => shapeKey(one) === key);
  const rest = shapes.filter((one) => one !== known);
  if (known === undefined) return [shape, ...rest].slice(0, MOST_SHAPES);
  const kinds = new Map<string, ItemShape>();
  for (const item of [...shape.items, ...known.items]) addItem(kinds, item);
  const list = shape.list === null || known.list === null ? null : mergedList(shape.list, known.list);
  return [{ ...shape, list, items: [...kinds.values()].slice(0, MOST_KINDS) }, ...rest];
}

function mergedList(one: ListShape, other: ListShape): ListShape {
  return { roles: one.roles, head: merged(one.head, other.head), tail: merged(one.tail, other.tail) };
}
