import { expect, test } from 'vitest';
import { differences, reloadTable, rowOf } from '../../../src/cli/reload-table.ts';
import { isKept } from '../../../src/cli/running.ts';
import { completeConfig } from '../../../src/config.ts';
import { ConfigSchema } from '../../../src/config-schema.ts';

/** The keys of the schema; of `http` those below it, because they are not all alike. */
function keysOfSchema(): string[] {
  return Object.entries(ConfigSchema.properties).flatMap(([key, part]) =>
    key === 'http' ? Object.keys((part as { properties: object }).properties).map((name) => `http.${name}`) : [key],
  );
}

test('every key of the configuration has one row that says what takes it over, and every row a key', () => {
  expect(reloadTable.map(({ key }) => key).sort()).toEqual(keysOfSchema().sort());
  expect(rowOf('readers[].link.tcp.port')?.by).toBe('SIGHUP');
  expect(rowOf('sites')).toBeUndefined();
});

const settings = {
  site: { id: 'a' },
  locations: [{ id: 'floor', kind: 'sales-floor' }],
  readPoints: [{ id: 'shelf', location: 'floor', kind: 'shelf' }],
  readers: [],
};
const config = (more: object) => completeConfig({ ...settings, ...more }, '/tmp', 'firmware-profiles');
const tls = { cert: 'a.pem', key: 'a.key' };

test.each([
  [{ site: { id: 'b' } }, { SIGHUP: [], restart: ['site'] }],
  [{ data: './elsewhere' }, { SIGHUP: [], restart: ['data'] }],
  [{ log: { level: 'debug' } }, { SIGHUP: ['log'], restart: [] }],
  [{ http: { port: 1 } }, { SIGHUP: [], restart: ['http.port'] }],
  [{ http: { host: '0.0.0.0', allowedHosts: ['a'] } }, { SIGHUP: [], restart: ['http.host', 'http.allowedHosts'] }],
  [{ http: { tls } }, { SIGHUP: [], restart: ['http.tls'] }],
  [{ mqtt: { broker: 'embedded' } }, { SIGHUP: [], restart: ['mqtt'] }],
  [{ inventory: { adopt: 'never' } }, { SIGHUP: [], restart: ['inventory'] }],
  [
    { readers: [{ id: 'r', profile: 'generic/json', link: { http: {} }, antennas: { 1: 'shelf' } }] },
    { SIGHUP: ['readers'], restart: [] },
  ],
  [{}, { SIGHUP: [], restart: [] }],
] as const)('a change to %j is found, with what takes it over', (change, found) => {
  expect(differences(config({}), config(change))).toEqual(found);
});

test('another certificate is taken over; from HTTP to HTTPS needs a restart', () => {
  const other = { ...tls, cert: 'b.pem' };
  expect(differences(config({ http: { tls } }), config({ http: { tls: other } })).SIGHUP).toEqual(['http.tls']);
  expect(differences(config({ http: { tls } }), config({ http: {} })).restart).toEqual(['http.tls']);
});

test('a file and the journal keep what is written to them; a pipe, a terminal and another journal do not', () => {
  const pipe = { dev: 13, ino: 99, isFile: () => false };
  expect(isKept(undefined, pipe)).toBe(false);
  expect(isKept('13:99', pipe)).toBe(true);
  expect(isKept('13:98', pipe)).toBe(false);
  expect(isKept(undefined, { ...pipe, isFile: () => true })).toBe(true);
  expect(isKept(undefined, null)).toBe(true);
});
