import { join } from 'node:path';
import fc from 'fast-check';
import { collector } from './harness.mjs';
import { compileSuite } from './suite.mjs';

/** How much of what is random one mutant gets: runs of each property, contents, tags that the peer decodes too. */
process.env.TAGS_RUNS ??= '4';
process.env.TAGS_CONTENTS ??= '2000';
process.env.PEER_TAGS ??= '20';
// The same cases for every mutant, so that a score can be had twice; the first failure is enough.
fc.configureGlobal({ seed: 20261121, endOnFailure: true });

/** The words that Stryker's API has for the outcome of a test. */
const success = 0;
const failed = 1;

function loaded(suite) {
  const { tests, vitest } = collector();
  const module = { exports: {} };
  const load = (name) => (name === 'vitest' ? vitest : suite.require(name));
  suite.script.runInThisContext()(load, suite.file, module, module.exports);
  return tests;
}

async function failureOf(test) {
  try {
    await test.body();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function firstFailure(tests) {
  let run = 0;
  for (const test of tests) {
    run++;
    const failure = await failureOf(test);
    if (failure !== null) return { id: test.id, failure, run };
  }
  return { id: null, failure: null, run };
}

/** Tests of a suite that cannot even be loaded: one, and it fails. */
function reload(suite) {
  try {
    return loaded(suite);
  } catch (error) {
    const fail = () => {
      throw error;
    };
    return [{ id: 'loading', name: 'loading', fileName: suite.file, body: fail }];
  }
}

/** The tests that lately failed, then the others: what killed one mutant often kills its neighbour. */
function likelyFirst(tests, killers) {
  const rank = new Map(killers.map((id, at) => [id, at]));
  const likely = tests.filter(({ id }) => rank.has(id)).sort((one, other) => rank.get(one.id) - rank.get(other.id));
  return [...likely, ...tests.filter(({ id }) => !rank.has(id))];
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

/**
 * A Stryker test runner for the tags room: the tests run in this process, without Vitest around them. The room has no I/O, no clock and
 * no state between calls, so most mutants need no fresh copy of it; those that act while the modules load (the tables) get one,
 * which takes milliseconds. That is what makes it possible to try them at all.
 */
function tagsRunner() {
  globalThis.__stryker__ ??= {};
  const state = globalThis.__stryker__;
  let suite = null;
  let tests = [];
  const killers = [];
  return {
    capabilities: () => ({ reloadEnvironment: true }),
    async init() {
      suite = await compileSuite(join(process.cwd(), 'test/core/tags'));
      // Here and not in the dry run: after a timeout Stryker goes on in a new process, without another one.
      state.activeMutant = undefined;
      state.currentTestId = undefined;
      tests = loaded(suite);
    },
    async dryRun() {
      const results = [];
      for (const test of tests) {
        state.currentTestId = test.id;
        const start = performance.now();
        const failure = await failureOf(test);
        const result = {
          id: test.id,
          name: test.name,
          fileName: test.fileName,
          timeSpentMs: performance.now() - start,
        };
        results.push(
          failure === null ? { ...result, status: success } : { ...result, status: failed, failureMessage: failure },
        );
        state.currentTestId = undefined;
      }
      return { status: 'complete', tests: results, mutantCoverage: state.mutantCoverage };
    },
    async mutantRun({ activeMutant, mutantActivation, testFilter, hitLimit }) {
      Object.assign(state, { hitCount: 0, hitLimit, activeMutant: activeMutant.id });
      const all = mutantActivation === 'static' ? reload(suite) : tests;
      const wanted = testFilter === undefined ? null : new Set(testFilter);
      const chosen = wanted === null ? all : all.filter((test) => wanted.has(test.id));
      const outcome = await firstFailure(likelyFirst(chosen, killers));
      state.activeMutant = undefined;
      remember(killers, outcome.id);
      return verdict(outcome, state);
    },
  };
}

/** The shape that Stryker's `declareFactoryPlugin` makes. */
export const strykerPlugins = [{ kind: 'TestRunner', name: 'tags', factory: tagsRunner }];
