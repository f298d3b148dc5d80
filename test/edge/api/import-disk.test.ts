import { readdirSync, readlinkSync } from 'node:fs';
import { expect, test } from 'vitest';
import { badRow, writeBadRows } from '../../../src/api/bad-rows.ts';
import { importProducts } from '../../../src/api/product-import.ts';
import { createWorlds } from './api-fixture.ts';

const world = createWorlds();
const options = { dryRun: false, format: 'auto', mapping: {} } as const;

/** Open files of this process whose path ends so. */
function openFiles(end: RegExp): string[] {
  const paths = readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      return [];
    }
  });
  return paths.filter((path) => end.test(path));
}

test('an import that the disk has no room for is STORE_FULL, and leaves no file and no open file behind', async () => {
  const { store } = await world();
  async function* upload() {
    yield Buffer.from('gtin,name\nx,y\n');
    throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  }
  await expect(importProducts(store, upload(), options)).rejects.toMatchObject({ code: 'STORE_FULL' });
  expect(readdirSync(store.scratch())).toEqual([]);
  expect(openFiles(/\/(?:bad-rows|upload)-[0-9a-f]+\.csv|staged\.part/)).toEqual([]);
});

test('bad rows for which there is no room are let go of, with their file', () => {
  const file = writeBadRows('/dev/full');
  const addAll = () => {
    for (let line = 1; line < 2_000; line++) file.add(badRow(line, 'gtin', 'NOT_DIGITS', 'x'));
  };
  expect(addAll).toThrow(/ENOSPC/);
  expect(file.close).toThrow(/ENOSPC/);
  file.abandon();
  expect(openFiles(/^\/dev\/full$/)).toEqual([]);
});
