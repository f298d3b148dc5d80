import { join } from 'node:path';
import fc from 'fast-check';
import { collector } from './harness.mjs';
import { compileSuite } from './suite.mjs';

/** How much of what is random one mutant gets: runs of each property, and tags that the peer decodes too. */
process.env.TAGS_RUNS ??= '2';
process.env.PEER_TAGS ??= '20';
// The same cases for every mutant, so that a score can be had twice; the first failure is enough.
fc.configureGlobal({ seed: 20261121, endOnFailure: true });

/** The words that Stryker's API has for the outcome of a test. */
const success = 0;
const failed = 1;

/** A fresh copy of the room and its tests; `testsOf(file)` evaluates what that file needs and gives its tests. */
function freshCopy({ open }) {
  const { testsOf, vitest } = collector();
  const load = open({ vitest });
  return (file) => testsOf(file, () => load(file));
}

async function failureOf(test) {
  try {
    await test.body();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Tests of a file that cannot even be loaded: one, and it fails. */
function loadedFrom(copy, file) {
  try {
    return copy(file);
  } catch (error) {
    const body = () => {
      throw error;
    };
    return [{ id: `${file}#loading`, name: 'loading', fileName: file, body }];
  }
}

/** The members that `first` names, in its order, then the others. */
function ahead(all, first, nameOf) {
  const rank = new Map(first.map((name, at) => [name, at]));
  const likely = all.filter((one) => rank.has(nameOf(one)));
  likely.sort((one, other) => rank.get(nameOf(one)) - rank.get(nameOf(other)));
  return [...likely, ...all.filter((one) => !rank.has(nameOf(one)))];
}

/** Runs the wanted tests of `copy` up to the first that fails; those that lately failed first. */
async function firstFailure(files, copy, wanted, killers) {
  const lateFiles = [...new Set(killers.map((id) => id.slice(0, id.indexOf('#'))))];
  let run = 0;
  for (const file of ahead(files, lateFiles, (name) => name)) {
    const tests = loadedFrom(copy, file).filter(({ id }) => wanted === null || wanted.has(id));
    for (const test of ahead(tests, killers, ({ id }) => id)) {
      run++;
      const failure = await failureOf(test);
      if (failure !== null) return { id: test.id, failure, run };
    }
  }
  return { id: null, failure: null, run };
}

function remember(killers, id) {
  if (id === null || killers[0] === id) return;
  const before = killers.indexOf(id);
  if (before > 0) killers.splice(before, 1);
  killers.unshift(id);
  killers.splice(40);
}

/** What a run says of its mutant, in the words of Stryker's API. */
function verdict({ id, failure, run }, { hitCount, hitLimit }) {
  if (run === 0) return { status: 'error', errorMessage: 'No test ran: this says nothing of the mutant.' };
  if (hitLimit !== undefined && hitCount > hitLimit) return { status: 'timeout', reason: `hit ${hitCount} times` };
  if (failure === null) return { status: 'survived', nrOfTests: run };
  return { status: 'killed', killedBy: [id], failureMessage: failure, nrOfTests: run };
}

async function resultOf(test, folder) {
  const start = performance.now();
  const failure = await failureOf(test);
  const { id, name } = test;
  const result = { id, name, fileName: join(folder, test.fileName), timeSpentMs: performance.now() - start };
  return failure === null ? { ...result, status: success } : { ...result, status: failed, failureMessage: failure };
}

/**
 * A Stryker test runner for the tags room: the tests run in this process, without Vitest around them. The room has no I/O, no clock and
 * no state between calls, so most mutants need no fresh copy of it; those that act while the modules load (the tables) get one,
 * file by file, which takes milliseconds. That is what makes it possible to try them at all.
 */
function tagsRunner() {
  globalThis.__stryker__ ??= {};
  const state = globalThis.__stryker__;
  const folder = join(process.cwd(), 'test/core/tags');
  const killers = [];
  let suite = null;
  let lasting = null;
  return {
    capabilities: () => ({ reloadEnvironment: true }),
    async init() {
      suite = await compileSuite(folder);
      // Here and not in the dry run: after a timeout Stryker goes on in a new process, without another one.
      Object.assign(state, { activeMutant: undefined, currentTestId: undefined });
      lasting = freshCopy(suite);
      for (const file of suite.files) lasting(file);
    },
    async dryRun() {
      const tests = [];
      for (const test of suite.files.flatMap(lasting)) {
        state.currentTestId = test.id;
        tests.push(await resultOf(test, folder));
        state.currentTestId = undefined;
      }
      return { status: 'complete', tests, mutantCoverage: state.mutantCoverage };
    },
    async mutantRun({ activeMutant, mutantActivation, testFilter, hitLimit }) {
      Object.assign(state, { hitCount: 0, hitLimit, activeMutant: activeMutant.id });
      const copy = mutantActivation === 'static' ? freshCopy(suite) : lasting;
      const wanted = testFilter === undefined ? null : new Set(testFilter);
      const outcome = await firstFailure(suite.files, copy, wanted, killers);
      state.activeMutant = undefined;
      remember(killers, outcome.id);
      return verdict(outcome, state);
    },
  };
}

/** The shape that Stryker's `declareFactoryPlugin` makes. */
export const strykerPlugins = [{ kind: 'TestRunner', name: 'tags', factory: tagsRunner }];
