// node scripts/mutants/drawn.mjs [--seed N] [--count 40] [--list] [--only 3,7] [FILE|FOLDER…]
// Draws faults from all of src (or from what is named), puts in one at a time and runs the tests that could notice: first those of the room,
// then all that import the file, then those of the whole daemon that are near it. Each file is as likely as any other. Works on a copy of the checkout.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { mutantsOf, sourcesUnder } from './list.mjs';
import { daemonTestsOf, nearTestsOf } from './near-tests.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    count: { type: 'string', default: '40' },
    only: { type: 'string' },
    list: { type: 'boolean', default: false },
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

/** A copy of what git knows of, with the checkout's packages and its built program. */
function copyCheckout() {
  const folder = mkdtempSync(join(tmpdir(), 'mutants-'));
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' });
  for (const file of files.split('\n').filter((name) => existsSync(name) && name !== '')) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    cpSync(file, join(folder, file));
  }
  symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
  if (existsSync('dist')) cpSync('dist', join(folder, 'dist'), { recursive: true });
  return folder;
}

const testFiles = readdirSync('test', { recursive: true }).map((name) => join('test', name));
const longestMs = 15 * 60_000;

/** What a program says of the mutant: null for nothing, else the test that failed, or that it did not end. */
function verdict(folder, args) {
  const { status, signal, stdout } = spawnSync('npx', args, { cwd: folder, encoding: 'utf8', timeout: longestMs });
  if (status === 0) return null;
  if (signal !== null) return 'no end';
  return /FAIL.*?(test\/\S+)/.exec(stdout)?.[1] ?? 'not even loaded';
}

const vitest = (...args) => ['vitest', ...args, '--bail', '1', '--no-color'];

/** Runs test after test until one fails; the name of that one, or null. */
function noticedBy(folder, { file }) {
  const steps = [
    ...nearTestsOf(file, testFiles).map((near) => vitest('run', ...near)),
    vitest('related', file, '--run', '--project', 'core', '--project', 'edge', '--passWithNoTests'),
  ];
  for (const step of steps) {
    const found = verdict(folder, step);
    if (found !== null) return found;
  }
  const daemon = daemonTestsOf(file);
  if (daemon.length === 0) return null;
  const build = verdict(folder, file.startsWith('src/web') ? ['vite', 'build'] : ['tsc', '-p', 'tsconfig.build.json']);
  if (build !== null) return 'the build';
  return verdict(folder, vitest('run', '--project', 'system', ...daemon));
}

const oneLine = (text) => {
  const flat = text.replace(/\s+/g, ' ');
  return flat.length > 60 ? `${flat.slice(0, 57)}…` : flat;
};
const nameOf = ({ file, line, column, mutator, before, after }) =>
  `${file}:${line}:${column} ${mutator}: ${oneLine(before)} → ${oneLine(after) || '(nothing)'}`;

const seed = Number(values.seed);
const mutants = await draw(sourcesUnder(positionals.length > 0 ? positionals : ['src']), seed, Number(values.count));
process.stdout.write(`Seed ${seed}, ${mutants.length} mutants\n`);
const only = values.only?.split(',').map(Number) ?? null;
if (values.list) for (const [n, mutant] of mutants.entries()) process.stdout.write(`${n + 1}. ${nameOf(mutant)}\n`);
else {
  const folder = copyCheckout();
  const tally = { tried: 0, noticed: 0 };
  for (const [n, mutant] of mutants.entries()) {
    if (only !== null && !only.includes(n + 1)) continue;
    const place = join(folder, mutant.file);
    writeFileSync(place, mutant.text);
    const found = noticedBy(folder, mutant);
    cpSync(mutant.file, place);
    tally.tried++;
    if (found !== null) tally.noticed++;
    process.stdout.write(`${n + 1}. ${found === null ? 'SURVIVED' : `noticed by ${found}`}  ${nameOf(mutant)}\n`);
  }
  rmSync(folder, { recursive: true, force: true });
  process.stdout.write(`${tally.noticed} of ${tally.tried} noticed (seed ${seed})\n`);
}
