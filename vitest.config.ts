import { defineConfig } from 'vitest/config';

/** One project per kind of test: `core` is pure and instant, `edge` is one room, `system` is the whole daemon. */
const report = process.env['VITEST_JSON'];

/** Tests of the daemon that bear another one beside theirs: they wait more than they work. */
const beside = [
  'alien',
  'benches',
  'broken-readers',
  'broker-accounts',
  'check-start',
  'commands',
  'commands-data',
  'config-check',
  'console',
  'data-folder',
  'detect',
  'doctor-healthy',
  'field-tags',
  'first-day',
  'http-docs',
  'journal-thread',
  'line',
  'llrp',
  'once',
  'products-import',
  'profile-decode',
  'push',
  'push-docs',
  'recover',
  'reload',
  'restart-theft',
  'session-restart',
  'starting',
  'store-tags',
  'streams',
  'supervision',
  'time-zone',
  'tls-cli',
  'web',
  'web-access',
  'web-daemon',
  'web-faults',
  'web-phone',
  'web-scan',
].map((name) => `test/system/${name}.test.ts`);

export default defineConfig({
  test: {
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
    // One group after the other: a daemon whose kills, loads and times are looked at has the machine to itself.
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
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'system-beside',
          include: beside,
          globalSetup: ['test/fresh-build.ts'],
          testTimeout: 300_000,
          hookTimeout: 120_000,
          maxWorkers: 3,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'system',
          include: ['test/system/**/*.test.ts'],
          exclude: beside,
          globalSetup: ['test/fresh-build.ts'],
          testTimeout: 300_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
