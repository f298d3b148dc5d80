import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Tests of the whole daemon that are near a room or a file above the rooms. They run the built program. */
const daemonTests = {
  'main.ts': ['line', 'stop', 'console', 'outage', 'recover'],
  'line.ts': ['line', 'once', 'restart-theft', 'stop'],
  'fleet.ts': ['line', 'reload', 'stop', 'supervision'],
  'fleet-change.ts': ['reload'],
  'crew.ts': ['line', 'reload', 'supervision'],
  'places.ts': ['line'],
  'api-door.ts': ['line', 'stop', 'push'],
  'broker.ts': ['broker-accounts', 'console', 'reload'],
  'config.ts': ['config-check', 'check-start'],
  'config-checks.ts': ['config-check', 'check-start'],
  'config-schema.ts': ['config-check', 'check-start'],
  'config-references.ts': ['config-check', 'check-start'],
  cli: [
    ...[
      'commands',
      'config-check',
      'check-start',
      'console',
      'reload',
      'stop',
      'tls-cli',
      'doctor-healthy',
      'first-day',
    ],
    ...['profile-decode', 'detect', 'products-import', 'demo', 'data-folder'],
  ],
  demo: ['demo', 'first-day'],
  api: [
    'line',
    'http-docs',
    'push',
    'commands-data',
    'tls-cli',
    'doctor-healthy',
    'session-restart',
    'broker-accounts',
  ],
  followers: ['crm-faults', 'push'],
  journal: ['data-folder', 'commands-data', 'recover', 'full-disk', 'session-restart'],
  protocols: ['once', 'broken-readers', 'streams', 'alien', 'llrp', 'profile-decode'],
  profiles: ['profile-decode', 'config-check', 'detect'],
  supervision: ['supervision', 'doctor-healthy'],
  simulators: ['demo', 'llrp', 'supervision'],
  readers: ['once', 'broken-readers', 'supervision', 'streams', 'detect', 'alien', 'llrp'],
  links: ['supervision', 'outage', 'streams', 'broker-accounts', 'tls-cli'],
  kit: ['line', 'console', 'time-zone'],
  web: ['web', 'web-live', 'web-scan', 'web-phone', 'web-faults', 'web-access'],
};

const roomOf = (file) => file.split('/')[1];
const importedBy = new Map();

/** The files of this checkout that `file` names by a relative path: what it imports, and what it starts. */
function importsOf(file) {
  const before = importedBy.get(file);
  if (before !== undefined) return before;
  const named = [...readFileSync(file, 'utf8').matchAll(/'((?:\.{1,2}|src)\/[^'\n]+\.tsx?)'/g)];
  const imports = named
    .map(([, path]) => (path.startsWith('src/') ? path : join(dirname(file), path)))
    .filter((path) => existsSync(path));
  importedBy.set(file, imports);
  return imports;
}

/** How many imports lie between a test and each file that it comes to. */
function distancesFrom(test) {
  const distances = new Map([[test, 0]]);
  for (const [file, distance] of distances)
    for (const next of importsOf(file)) if (!distances.has(next)) distances.set(next, distance + 1);
  return distances;
}

/** Compares lists of numbers, the first difference deciding. */
function byKeys({ keys: one }, { keys: other }) {
  const at = one.findIndex((key, n) => key !== other[n]);
  return at < 0 ? 0 : one[at] - other[at];
}

/**
 * Those of `testFiles` that import `file`, from near to far: what bears its name, then what is of its room, fewer imports away, and comes to
 * fewer files besides.
 */
export function nearTestsOf(file, testFiles) {
  const [, ...path] = file.replace(/\.tsx?$/, '').split('/');
  const ranked = testFiles.flatMap((test) => {
    const distances = distancesFrom(test);
    const distance = distances.get(file);
    if (distance === undefined) return [];
    const bearsName = test.endsWith(`/${path.at(-1)}.test.ts`);
    const isOfRoom = new RegExp(`^test/(core|edge)/${path[0]}\\b`).test(test);
    return [{ test, keys: [bearsName ? 0 : 1, isOfRoom ? 0 : 1, distance, distances.size] }];
  });
  return ranked.sort(byKeys).map(({ test }) => test);
}

/** Files of `test/system` that could notice what no smaller test does. */
export function daemonTestsOf(file) {
  return (daemonTests[roomOf(file)] ?? []).map((name) => `test/system/${name}.test.ts`);
}
