import { defineConfig } from 'vitest/config';

/** The tests of the tags room alone, with fewer random runs, for mutation testing. */
export default defineConfig({
  test: {
    include: ['test/core/tags/**/*.test.ts'],
    env: { TAGS_RUNS: '6', TAGS_BYTES: '20000' },
  },
});
