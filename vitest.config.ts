import { defineConfig } from 'vitest/config';

/** One project per kind of test: `core` is pure and instant, `edge` is one room, `system` is the whole daemon. */
const report = process.env['VITEST_JSON'];

export default defineConfig({
  test: {
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
    projects: [
      { test: { name: 'core', include: ['test/*.test.ts', 'test/core/**/*.test.ts', 'test/contract/**/*.test.ts'] } },
      { test: { name: 'edge', include: ['test/edge/**/*.test.ts'], testTimeout: 30_000, hookTimeout: 30_000 } },
      {
        test: {
          name: 'system',
          include: ['test/system/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
