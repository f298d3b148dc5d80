import type { Hole, Step } from './hole.ts';
import { compileProgram } from './program.ts';
import type { Part } from './shape.ts';
import type { TextBytes } from './text-bytes.ts';
import type { Leaf, Span, Tree } from './tree.ts';

/** The steps through a part of a text: what stays is compared, and what is in `holes` or means nothing is read over. */
export function partOf(
  { bytes }: TextBytes,
  part: Span,
  { leaves }: Tree,
  holes: ReadonlyMap<symbol, Hole>,
  fixed: ReadonlySet<symbol>,
): Part {
  const slice = (from: number, to: number) => [...bytes.subarray(from, to)];
  const steps: Step[] = [];
  let at = part.from;
  for (const [symbol, leaf] of leaves) {
    const hole = holes.get(symbol) ?? (fixed.has(symbol) ? null : idleHole(leaf));
    if (hole === null || leaf.from < part.from || leaf.to > part.to) continue;
    const { from, to } = contentOf(leaf);
    steps.push({ bytes: slice(at, from), hole, always: hole.role === 'none' ? slice(from, to) : null });
    at = to;
  }
  if (at < part.to) steps.push({ bytes: slice(at, part.to), hole: null, always: null });
  return { steps, program: compileProgram(steps) };
}

/** A text or number that nobody asks for may be any; of true, false and null no other kind of value may stand there. */
function idleHole({ value }: Leaf): Hole | null {
  const form = typeof value === 'string' ? 'string' : typeof value === 'number' ? 'number' : null;
  return form === null ? null : { form, role: 'none', factor: 1, formats: [] };
}

/** Quotes stay. */
function contentOf({ from, to, value }: Leaf): Span {
  return typeof value === 'string' ? { from: from + 1, to: to - 1 } : { from, to };
}

/** Alike where two parts differ in nothing but what nobody asks for. */
export function stepsKey(steps: readonly Step[]): string {
  return JSON.stringify(steps.map(({ bytes, hole }) => [bytes, hole]));
}

/** Of two parts that are alike: what differed may differ from now on. */
export function merged(one: Part, other: Part): Part {
  const steps = one.steps.map((step, i) => {
    const always = other.steps[i]?.always ?? null;
    return { ...step, always: String(always) === String(step.always) ? always : null };
  });
  return { steps, program: compileProgram(steps) };
}
