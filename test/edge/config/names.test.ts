import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../../src/config.ts';

const folder = mkdtempSync(join(tmpdir(), 'silentgate-names-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const good = `site: { id: shop-1, name: Shop }
locations: [{ id: floor, kind: sales-floor, name: Floor }]
readPoints: [{ id: shelf-1, location: floor, kind: shelf }]
readers:
  - { id: desk-1, profile: magicrf/m100, link: { serial: { path: /dev/ttyUSB0 } }, antennas: { 1: shelf-1 } }
`;

function problemsOf(text: string) {
  const file = join(folder, 'silentgate.yaml');
  writeFileSync(file, text);
  const result = readConfig(file, 'firmware-profiles');
  return 'problems' in result ? result.problems : [];
}

describe('a name in the configuration', () => {
  it.each([
    ['name: Shop', 'name: "a\\u202eb"', 1, 'site.name'],
    ['name: Shop', 'name: "a\\u0007b"', 1, 'site.name'],
    ['name: Floor', 'name: "a\\u2066b"', 2, 'locations[0].name'],
    ['id: desk-1', 'id: "desk\\u200f1"', 5, 'readers[0].id'],
    ['id: shelf-1', 'id: "shelf\\u061c1"', 3, 'readPoints[0].id'],
  ])('that is %s may not be %s', (from, to, line, key) => {
    expect(problemsOf(good)).toEqual([]);
    expect(problemsOf(good.replace(from, to))).toContainEqual(expect.objectContaining({ line, key }));
  });

  it('may be of any script', () => {
    expect(problemsOf(good.replace('name: Shop', 'name: חנות 台北'))).toEqual([]);
  });
});
