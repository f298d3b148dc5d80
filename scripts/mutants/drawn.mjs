// node scripts/mutants/drawn.mjs [--seed N] [--count 40] [--list] [--near] [--only 3,7] [FILE|FOLDER…]
// Draws faults from all of src (or from what is named), puts in one at a time and runs the tests that could notice: those that bear the file's name,
// those of its folder, all that import it, and those of the whole daemon that are near it (--near: without these two). Each file is as likely as any other.
import { parseArgs } from 'node:util';
import { mutantsOf, sourcesUnder } from './list.mjs';
import { openTrial } from './trial.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    count: { type: 'string', default: '40' },
    only: { type: 'string' },
    list: { type: 'boolean', default: false },
    near: { type: 'boolean', default: false },
  },
});

/** Numbers from 0 to 1 that a seed decides (mulberry32). */
function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `count` different mutants; a file without any is drawn again. */
async function draw(files, seed, count) {
  const random = randomOf(seed);
  const drawn = new Map();
  for (let tries = 0; drawn.size < count && tries < count * 50; tries++) {
    const file = files[Math.floor(random() * files.length)];
    const mutants = await mutantsOf(file);
    const mutant = mutants[Math.floor(random() * mutants.length)];
    if (mutant !== undefined) drawn.set(`${file}:${mutant.line}:${mutant.column} ${mutant.after}`, mutant);
  }
  return [...drawn.values()];
}

const oneLine = (text) => {
  const flat = text.replace(/\s+/g, ' ');
  return flat.length > 60 ? `${flat.slice(0, 57)}…` : flat;
};
const nameOf = ({ file, line, column, mutator, before, after }) =>
  `${file}:${line}:${column} ${mutator}: ${oneLine(before)} → ${oneLine(after) || '(nothing)'}`;

/** Tries the mutants that are wanted, and prints of each what noticed it. */
async function tryAll(mutants, wanted) {
  const { noticedBy, close } = openTrial();
  const tally = { tried: 0, noticed: 0 };
  for (const [n, mutant] of mutants.entries()) {
    if (!wanted(n + 1)) continue;
    const found = await noticedBy(mutant, !values.near);
    tally.tried++;
    if (found !== null) tally.noticed++;
    process.stdout.write(`${n + 1}. ${nameOf(mutant)}\n   ${found === null ? 'SURVIVED' : `noticed: ${found}`}\n`);
  }
  close();
  return tally;
}

const seed = Number(values.seed);
const mutants = await draw(sourcesUnder(positionals.length > 0 ? positionals : ['src']), seed, Number(values.count));
process.stdout.write(`Seed ${seed}, ${mutants.length} mutants\n`);
if (values.list) for (const [n, mutant] of mutants.entries()) process.stdout.write(`${n + 1}. ${nameOf(mutant)}\n`);
else {
  const only = values.only?.split(',').map(Number) ?? null;
  const { tried, noticed } = await tryAll(mutants, (n) => only === null || only.includes(n));
  process.stdout.write(`${noticed} of ${tried} noticed (seed ${seed})\n`);
}
