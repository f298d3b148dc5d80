import { createReadBatch, idTypes, type ReadBatch } from '../../../tags/index.ts';
import type { Rule } from '../../vocabulary/message-profile.ts';
import type { ReadMap } from '../../vocabulary/read-map.ts';
import { compilePath, type Place } from '../place.ts';
import type { Hole } from './hole.ts';
import type { Leaf, Node, Tree } from './tree.ts';

/** What a read is made by; the generic way is compiled of the same. */
export type Lesson = {
  readonly map: ReadMap;
  readonly rules: readonly Rule[];
  /** Paths in a message with reads that a maker's code looks at. */
  readonly looksAt: readonly string[];
  /** Antenna of reports that name none. */
  readonly antenna: number | null;
};

/** One read of a text, as the generic way looks at it. */
export type Plan = {
  /** What may differ, by its leaf. */
  readonly holes: Map<symbol, Hole>;
  /** What decided something, and has to stay. */
  readonly fixed: Set<symbol>;
  /** One row with what the text does not say. */
  readonly given: ReadBatch;
  suffix: number;
  /** What a place has: a leaf, a text that the topic says, `deep` for a list or object; undefined for nothing. */
  at(place: Place): Found | undefined;
  /** The same of a path that always begins at the member. */
  inMember(path: string): Found | undefined;
};

/** A leaf and where it begins. */
export type Found =
  | { readonly leaf: symbol; readonly from: number; readonly value: unknown }
  | { readonly told: string }
  | 'deep';

export type PlanScope = { readonly member: Node; readonly root: Node; readonly topic: string };

/** A plan that says nothing yet. */
export function createPlan({ antenna }: Lesson, { leaves }: Tree, { member, root, topic }: PlanScope): Plan {
  const levels = topic.split('/');
  const given = createReadBatch(1);
  given.size = 1;
  given.pc[0] = -1;
  given.antenna[0] = antenna ?? 0;
  given.count[0] = 1;
  for (const name of ['rssi', 'at', 'frequencyKhz', 'phaseDeg', 'seq'] as const) given[name][0] = Number.NaN;
  const found = (node: Node | undefined): Found | undefined => {
    if (typeof node !== 'symbol') return node === undefined ? undefined : 'deep';
    return { leaf: node, from: leaves.get(node)?.from ?? 0, value: leaves.get(node)?.value };
  };
  const at = ({ path, self, column, topicLevel }: Place): Found | undefined => {
    if (self === true) return typeof member === 'symbol' && isText(leaves.get(member)) ? found(member) : undefined;
    if (topicLevel !== undefined) return told(levels[topicLevel - 1]);
    return column === undefined && path !== undefined ? along(path) : undefined;
  };
  const along = (path: string) =>
    path.startsWith('/') ? found(compilePath(path.slice(1))(root) as Node | undefined) : inMember(path);
  const inMember = (path: string) => found(compilePath(path)(member) as Node | undefined);
  return { holes: new Map(), fixed: new Set(), given, suffix: 0, at, inMember };
}

function isText(leaf: Leaf | undefined): boolean {
  return typeof leaf?.value === 'string';
}

function told(level: string | undefined): Found | undefined {
  return level === undefined ? undefined : { told: level };
}

/** Whether a value is there, or is one of `among`; what it is said by then stays as it is. */
export function holds(plan: Plan, path: string, among: readonly unknown[] | undefined): boolean {
  const found = plan.at({ path });
  if (found === undefined) return false;
  if (found === 'deep' || 'told' in found) return among === undefined;
  const { leaf, value } = found;
  if (among !== undefined) plan.fixed.add(leaf);
  return among === undefined ? value !== null : new Set(among).has(value);
}

/** Marks a hole; false where the leaf is taken for something else already. */
export function dig(plan: Plan, leaf: symbol, hole: Hole): boolean {
  if (plan.holes.has(leaf)) return false;
  plan.holes.set(leaf, hole);
  return true;
}

/** Sets what kind of id the row has. */
export function giveType({ given }: Plan, type: (typeof idTypes)[number]): void {
  given.idType[0] = idTypes.indexOf(type);
}
