import { defineConfig } from 'vitest/config';

const room = process.env['MUTATED_ROOM'] ?? 'followers';

/** The tests of one room, without the projects that they belong to otherwise. */
export default defineConfig({ test: { include: [`test/{core,edge}/${room}/**/*.test.ts`], testTimeout: 60_000 } });
