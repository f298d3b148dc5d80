// MUTATED_ROOM=followers stryker run scripts/mutants/room.config.mjs: every fault of one room, against the tests of that room.
import { fileURLToPath } from 'node:url';

const room = process.env.MUTATED_ROOM ?? 'followers';

const config = {
  packageManager: 'npm',
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner', fileURLToPath(new URL('ignore-messages.mjs', import.meta.url))],
  ignorers: ['sentences'],
  mutate: [`src/${room}/**/*.ts`],
  vitest: { configFile: 'scripts/mutants/vitest-room.config.ts', related: false },
  tsconfigFile: 'tsconfig.absent.json',
  // Docs show source files as they are, and a test compares them.
  disableTypeChecks: 'src/**/*.ts',
  coverageAnalysis: 'perTest',
  concurrency: 1,
  timeoutMS: 20_000,
  // All tests of the room in turn: of api that is more than Stryker's five minutes where the machine has other work.
  dryRunTimeoutMinutes: 30,
  thresholds: { high: 90, low: 80, break: null },
  reporters: ['clear-text', 'progress-append-only', 'json'],
  jsonReporter: { fileName: `reports/mutation/${room}.json` },
  tempDirName: '.stryker-tmp',
  ignorePatterns: ['.stryker-tmp', 'data', 'demo-data', 'reports', 'test/system'],
};

// Stryker takes a configuration only as a default export.
export default config;
