import { roleNumbers } from './finish.ts';
import { formNumbers, KNOWN_NUMBERS, type Program } from './follow.ts';
import type { Step } from './hole.ts';

/** What never differed is compared like all that has to stay: that is faster than looking for its end. */
export function compileProgram(steps: readonly Step[]): Program {
  const joined = join(steps);
  const words = joined.map(({ bytes }) => wordsOf(bytes));
  const codes = joined.map(({ bytes, hole }, i) => {
    const first = words.slice(0, i).reduce((sum, { length }) => sum + length, 0);
    const end = first + (words[i]?.length ?? 0);
    const [form, role] = [formNumbers[hole?.form ?? 'end'], roleNumbers[hole?.role ?? 'none']];
    return [first, end, bytes.length, ...shortOf(bytes), form, role, i * (KNOWN_NUMBERS + 1)];
  });
  const known = joined.length * (KNOWN_NUMBERS + 1);
  return {
    size: codes.flat().length,
    code: Int32Array.from(codes.flat()),
    words: Float64Array.from(words.flat()),
    factors: Float64Array.from(joined, ({ hole }) => hole?.factor ?? 1),
    formats: joined.map(({ hole }) => hole?.formats ?? []),
    keys: new Int32Array(2 * known),
    sizes: new Int32Array(known),
    values: new Float64Array(known),
  };
}

/** Eight bytes each; the last one ends with the bytes, and may begin before the one in front of it has ended. */
function wordsOf(bytes: readonly number[]): number[] {
  const view = new DataView(Uint8Array.from(bytes).buffer);
  const count = bytes.length < 8 ? 0 : Math.ceil(bytes.length / 8);
  return Array.from({ length: count }, (_, i) => view.getFloat64(Math.min(8 * i, bytes.length - 8), true));
}

/** The first eight bytes as two words, each with the bits that count. */
function shortOf(bytes: readonly number[]): number[] {
  const all = bytes.map(() => 0xff);
  return [wordOf(bytes, 0), wordOf(all, 0), wordOf(bytes, 4), wordOf(all, 4)];
}

function join(steps: readonly Step[]): Step[] {
  const joined: Step[] = [];
  let before: readonly number[] = [];
  for (const step of steps) {
    const bytes = [...before, ...step.bytes];
    before = step.always === null ? [] : [...bytes, ...step.always];
    if (step.always === null) joined.push({ ...step, bytes });
  }
  return before.length === 0 ? joined : [...joined, { bytes: before, hole: null, always: null }];
}

function wordOf(bytes: readonly number[], from: number): number {
  let word = 0;
  for (let i = 0; i < 4; i++) word |= (bytes[from + i] ?? 0) << (8 * i);
  return word;
}
