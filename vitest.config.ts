import { defineConfig } from 'vitest/config';

/** One project per kind of test: `core` is pure and instant, `edge` is one room, `system` is the whole daemon. */
const report = process.env['VITEST_JSON'];

export default defineConfig({
  test: {
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
    // One group after the other: a daemon under test should have the machine to itself.
    projects: [
      {
        test: {
          name: 'core',
          include: ['test/*.test.ts', 'test/core/**/*.test.ts', 'test/contract/**/*.test.ts'],
          testTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'edge',
          include: ['test/edge/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'system',
          include: ['test/system/**/*.test.ts'],
          globalSetup: ['test/fresh-build.ts'],
          testTimeout: 300_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
