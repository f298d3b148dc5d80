import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { isStale } from '../fresh-build.ts';

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

/** A checkout whose build is a second younger than its sources. */
function builtCheckout(): string {
  const root = mkdtempSync(join(tmpdir(), 'silentgate-build-'));
  roots.push(root);
  for (const folder of ['src/kit', 'dist/cli', 'dist/web']) mkdirSync(join(root, folder), { recursive: true });
  for (const file of ['tsconfig.json', 'tsconfig.build.json', 'vite.config.ts', 'package.json'])
    cpSync(file, join(root, file));
  for (const file of ['src/kit/clock.ts', 'dist/cli/bin.js', 'dist/main.js', 'dist/web/index.html'])
    writeFileSync(join(root, file), '');
  const sources = ['src', 'src/kit', 'src/kit/clock.ts', 'tsconfig.json', 'tsconfig.build.json', 'vite.config.ts'];
  for (const file of [...sources, 'package.json']) touch(root, file, 1_000);
  for (const file of ['dist/cli/bin.js', 'dist/main.js', 'dist/web/index.html']) touch(root, file, 2_000);
  return root;
}

const touch = (root: string, file: string, seconds: number) => utimesSync(join(root, file), seconds, seconds);

describe('the tests of the whole daemon', () => {
  it('take a build that is younger than its sources as it is', () => {
    expect(isStale(builtCheckout())).toBe(false);
  });

  it.each(['src/kit/clock.ts', 'src/kit', 'tsconfig.build.json', 'package.json'])('build again after %s', (file) => {
    const root = builtCheckout();
    touch(root, file, 3_000);
    expect(isStale(root)).toBe(true);
  });

  it.each(['dist/cli/bin.js', 'dist/web/index.html'])('build where %s is not there', (file) => {
    const root = builtCheckout();
    rmSync(join(root, file));
    expect(isStale(root)).toBe(true);
  });

  it('look before they run, also when vitest is called by itself', () => {
    expect(readFileSync('vitest.config.ts', 'utf8')).toContain("globalSetup: ['test/fresh-build.ts']");
  });
});
