import { existsSync } from 'node:fs';

/** Tests of the whole daemon that are near a room or a file above the rooms. They run the built program. */
const daemonTests = {
  'main.ts': ['line', 'outage', 'recover', 'supervision'],
  'line.ts': ['line', 'once', 'restart-theft'],
  'fleet.ts': ['line', 'outage', 'supervision'],
  'pipeline.ts': ['line', 'once', 'restart-theft'],
  'config.ts': ['config-check'],
  cli: ['commands', 'config-check', 'profile-decode', 'detect', 'products-import', 'demo', 'data-folder'],
  demo: ['demo'],
  api: ['line', 'http-docs', 'push', 'commands-data'],
  crm: ['crm-faults'],
  store: ['data-folder', 'commands-data', 'recover'],
  readers: ['once', 'broken-readers', 'supervision', 'streams'],
  links: ['supervision', 'outage', 'streams'],
  web: ['web'],
};

const roomOf = (file) => file.split('/')[1];

/** Steps from near to far: the test files that bear the file's name, then the test folders along its path, the deepest first. */
export function nearTestsOf(file, testFiles) {
  const [, ...path] = file.replace(/\.tsx?$/, '').split('/');
  const name = path.at(-1);
  const ofName = testFiles.filter((test) => test.endsWith(`/${name}.test.ts`));
  const folders = path
    .map((_, depth) => path.slice(0, path.length - depth).join('/'))
    .map((part) => [`test/core/${part}`, `test/edge/${part}`].filter((folder) => existsSync(folder)));
  return [ofName, ...folders].filter((step) => step.length > 0);
}

/** Files of `test/system` that could notice what no smaller test does. */
export function daemonTestsOf(file) {
  return (daemonTests[roomOf(file)] ?? []).map((name) => `test/system/${name}`);
}
