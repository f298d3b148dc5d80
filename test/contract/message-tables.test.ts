import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { plugins } from '../../src/protocols/messages/plugins.ts';
import { pluginNames } from '../../src/protocols/vocabulary/message-profile.ts';
import { dialects } from '../../src/readers/messages/dialects.ts';
import { insides } from '../../src/simulators/insides.ts';

const source = join(import.meta.dirname, '../../src');
const fileOf = (name: string) => name.replace('-', '/');

/** `<maker>/<model>` of each file in a folder of makers, which holds nothing else. */
function modelsIn(folder: string): string[] {
  const entries = readdirSync(join(source, folder), { withFileTypes: true });
  expect(entries.filter((entry) => entry.isFile())).toEqual([]);
  return entries
    .flatMap(({ name }) => readdirSync(join(source, folder, name)).map((file) => `${name}/${file}`))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.replace(/\.ts$/, ''))
    .sort();
}

test('every plug-in’s file has its row, every row its file, and the schema knows both', () => {
  expect(modelsIn('protocols/messages/plugins')).toEqual(Object.keys(plugins).map(fileOf).sort());
  expect([...pluginNames].sort()).toEqual(Object.keys(plugins).sort());
});

test.each([
  ['what is asked of readers', 'readers/messages/dialects', dialects],
  ['the inside of simulated readers', 'simulators/insides', insides],
])('every file of %s has its row, and every row its file', (_what, folder, table) => {
  expect(modelsIn(folder)).toEqual(Object.keys(table).map(fileOf).sort());
});
