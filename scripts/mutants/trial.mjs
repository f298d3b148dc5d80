// One mutant against the tests that could notice it, in a copy of the checkout.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { daemonTestsOf, nearTestsOf } from './near-tests.mjs';

/** Packages and the built program, which git does not know of, beside what it does. */
function copyCheckout() {
  const folder = mkdtempSync(join(tmpdir(), 'mutants-'));
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' });
  for (const file of files.split('\n').filter((name) => name !== '' && existsSync(name))) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    cpSync(file, join(folder, file));
  }
  symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
  copyBuilt(folder);
  return folder;
}

function copyBuilt(folder) {
  rmSync(join(folder, 'dist'), { recursive: true, force: true });
  if (existsSync('dist')) cpSync('dist', join(folder, 'dist'), { recursive: true });
}

/** Runs a program to its end, or ends it with all that it started: `{ status, text }`, the status null where it did not end by itself. */
function outcome(cwd, [program, ...args], longestMs) {
  const child = spawn(program, args, { cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const texts = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => texts.push(text));
  const timer = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), longestMs);
  return new Promise((resolve) => {
    child.on('close', (status) => {
      clearTimeout(timer);
      resolve({ status, text: Buffer.concat(texts).toString() });
    });
  });
}

const minute = 60_000;
const projectOf = (test) =>
  test.startsWith('test/edge') ? 'edge' : test.startsWith('test/system') ? 'system' : 'core';

/** A run of test files, which is for nothing but to see whether one fails. */
function vitest(tests, ...flags) {
  const projects = [...new Set(tests.map(projectOf))].flatMap((project) => ['--project', project]);
  return ['node_modules/.bin/vitest', 'run', '--bail', '1', '--no-color', ...flags, ...projects, ...tests];
}

/** The steps for a file from near to far; `far` adds all other tests that import it, the types, and the daemon. */
function stepsFor(file, testFiles, far) {
  const tests = nearTestsOf(file, testFiles);
  const steps = [
    { tests: tests.slice(0, 1), longestMs: 4 * minute },
    { tests: tests.slice(1, 5), longestMs: 6 * minute },
    { tests: tests.slice(5, 16), longestMs: 8 * minute },
    ...(far ? [{ tests: tests.slice(16), longestMs: 20 * minute }] : []),
    ...(far ? [{ tests: daemonTestsOf(file), longestMs: 20 * minute, isBuilt: true }] : []),
  ];
  return steps.filter(({ isBuilt = false, tests: named }) => isBuilt || named.length > 0);
}

/** The first test that a run of Vitest names as failed: its file, and the line with its title. */
function failureIn(text) {
  const [line, file] = /FAIL\s+(?:\S+\s+)?(test\/[\w./-]+).*/.exec(text) ?? ['an error outside the tests', null];
  return { file, line: line.replace(/\s+/g, ' ').trim() };
}

/**
 * A copy of the checkout, and `noticedBy(mutant, far)`: what fails with the mutant and passes without it, or null. A test that is red
 * without any mutant says nothing and is left out from then on.
 */
export function openTrial() {
  const folder = copyCheckout();
  const all = readdirSync('test', { recursive: true }).map((name) => join('test', name));
  const testFiles = all.filter((name) => name.endsWith('.test.ts') && !name.startsWith('test/system'));
  const red = new Set();
  const green = new Set();
  const put = ({ file, text }) => writeFileSync(join(folder, file), text);
  const takeOut = ({ file }) => cpSync(file, join(folder, file));

  /** Takes the mutant out, of what is built too, and says whether `tests` pass; they are left out from then on where not. */
  async function passWithout(mutant, tests, { longestMs, isBuilt = false }) {
    if (tests.every((test) => green.has(test))) return true;
    takeOut(mutant);
    if (isBuilt) copyBuilt(folder);
    const passes = (await outcome(folder, vitest(tests), longestMs)).status === 0;
    for (const test of tests) (passes ? green : red).add(test);
    if (!passes) process.stdout.write(`   (fails without a mutant, left out: ${tests.join(' ')})\n`);
    return passes;
  }

  /** What a run with the mutant in it says: null for nothing; `file` is null for what no test says. */
  async function runWith(mutant, tests, { longestMs, isBuilt = false }) {
    put(mutant);
    if (isBuilt && (await outcome(folder, ['npm', 'run', 'build'], longestMs)).status !== 0)
      return { file: null, line: 'the types' };
    if (tests.length === 0) return null;
    const flags = tests.length > 1 ? ['--no-isolate'] : [];
    const { status, text } = await outcome(folder, vitest(tests, ...flags), longestMs);
    if (status === null) return { file: null, line: 'no end' };
    return status === 0 ? null : failureIn(text);
  }

  /** Whether a test that failed among others fails alone too, and passes without the mutant. */
  async function isReal(mutant, test, among, step) {
    if (among.length > 1 && (await outcome(folder, vitest([test]), step.longestMs)).status === 0) return false;
    return passWithout(mutant, [test], step);
  }

  /** What notices the mutant among `tests`, or null. */
  async function failureOf(mutant, tests, step) {
    const left = tests.filter((test) => !red.has(test));
    const found = await runWith(mutant, left, step);
    if (found === null) return null;
    const { file, line } = found;
    if (line === 'the types') return line;
    if (file === null) return (await passWithout(mutant, left, step)) ? line : null;
    if (await isReal(mutant, file, left, step)) return line;
    const others = left.filter((test) => test !== file);
    return failureOf(mutant, others, step);
  }

  return {
    async noticedBy(mutant, far) {
      const steps = stepsFor(mutant.file, testFiles, far);
      try {
        for (const step of steps) {
          const found = await failureOf(mutant, step.tests, step);
          if (found !== null) return found;
        }
        return null;
      } finally {
        takeOut(mutant);
        copyBuilt(folder);
      }
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
