import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readConfig } from '../../../src/config.ts';
import { formatProblem } from '../../../src/kit/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'silentgate-zone-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What is wrong with a configuration whose site and readers have these further keys. */
function problems(site: string, messages = '', bytes = ''): string[] {
  const file = join(folder, 'silentgate.yaml');
  writeFileSync(
    file,
    `site: { id: shop-1${site} }
locations: [{ id: floor, kind: sales-floor }]
readPoints: [{ id: shelf-1, location: floor, kind: shelf }]
readers:
  - { id: app-1, profile: generic/json, link: { http: {} }, antennas: { 1: shelf-1 }${messages} }
  - { id: desk-1, profile: magicrf/m100, link: { serial: { path: /dev/ttyUSB0 } }, antennas: { 1: shelf-1 }${bytes} }
`,
  );
  const result = readConfig(file, 'firmware-profiles');
  return 'problems' in result ? result.problems.map((one) => formatProblem('x.yaml', one)) : [];
}

test.each(['Asia/Taipei', 'Europe/Berlin', 'UTC', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5'])(
  '%s is a zone of a site and of a reader of messages',
  (zone) => {
    expect(problems(`, timeZone: ${zone}`, `, timeZone: ${zone}`)).toEqual([]);
  },
);

test.each([
  ['a name that is no zone', ', timeZone: Asia/Taipeh', '', '', 1, 'site.timeZone', 'Asia/Taipeh'],
  ['an offset', ', timeZone: "+08:00"', '', '', 1, 'site.timeZone', '+08:00'],
  ['a name that is no zone', '', ', timeZone: Mars/Base', '', 5, 'readers[0].timeZone', 'Mars/Base'],
])('%s is refused, and what is allowed is said', (_name, site, messages, bytes, line, key, found) => {
  const [problem, ...others] = problems(site, messages, bytes);
  expect(others).toEqual([]);
  for (const part of [`x.yaml:${line}`, key, found, 'an IANA time zone such as Asia/Taipei'])
    expect(problem).toContain(part);
});

test('a reader whose times are not read as texts has no such setting', () => {
  const [problem] = problems('', '', ', timeZone: Asia/Taipei');
  expect(problem).toContain('readers[1].timeZone');
  expect(problem).toContain('no such setting');
});

test('CSV without a header has columns by number only', () => {
  const map = (header: string) => `, map: { payload: csv${header}, id: [{ path: epc }] }`;
  expect(problems('', map(', header: true'))).toEqual([]);
  const [problem] = problems('', map(''));
  for (const part of ['readers[0].map.id[0].path', 'epc', 'header: true']) expect(problem).toContain(part);
});
