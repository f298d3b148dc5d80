import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const m100 = join(root, 'firmware-profiles/magicrf/m100.json');
const command = [join(root, 'node_modules/tsx/dist/cli.mjs'), join(root, 'src/cli/bin.ts'), 'profile', 'check'];
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'profile-check-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('profile check of a shipped file reports that file and no other', () => {
  const out = execFileSync(process.execPath, [...command, m100], { encoding: 'utf8' });
  const { captures } = JSON.parse(readFileSync(m100, 'utf8'));
  expect(out).toBe(`${m100}: magicrf/m100: ${captures.length} of ${captures.length} captures hold.\n`);
});

test('profile check of a user’s file replays its captures, and fails when one does not hold', () => {
  const file = join(folder, 'mine.json');
  const capture = { hex: 'BB01FF000115167E', meaning: 'empty round', expect: [{ kind: 'read' }] };
  writeFileSync(file, JSON.stringify({ id: 'acme/x', extends: 'magicrf/m100', captures: [capture] }));
  const { status, stdout } = spawnSync(process.execPath, [...command, file], { encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stdout).toContain('acme/x: capture 0 (empty round)');
  expect(stdout).toContain('acme/x: 0 of 1 captures hold.');
});

test('a copy of a shipped profile under its own id is refused, naming both files', () => {
  const file = join(folder, 'm100.json');
  cpSync(m100, file);
  const { status, stderr } = spawnSync(process.execPath, [...command, file], { encoding: 'utf8' });
  expect(status).not.toBe(0);
  expect(stderr).toContain(m100);
});

test('profile check of a file that extends another of the user’s finds that one in the folder', () => {
  const parent = join(folder, 'parent.json');
  const child = join(folder, 'child.json');
  writeFileSync(parent, JSON.stringify({ id: 'acme/parent', extends: 'magicrf/m100' }));
  writeFileSync(child, JSON.stringify({ id: 'acme/child', extends: 'acme/parent' }));
  const check = (...flags: string[]) =>
    spawnSync(process.execPath, [...command, child, ...flags], { encoding: 'utf8' });
  expect(check().stderr).toContain('/extends');
  const { status, stdout } = check('--profiles', folder);
  expect(status).toBe(0);
  expect(stdout).toContain('acme/child');
  expect(stdout).not.toContain('acme/parent');
});
