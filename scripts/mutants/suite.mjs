import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { build } from 'vite';

/** Files in this order, others behind them, the slow ones last: what kills most and costs least comes first. */
const killers = ['schemes-page', 'fields', 'vectors', 'text', 'forms', 'edges', 'element-faults', 'hostname', 'memory'];
const slow = ['flips', 'peer'];
/** It keeps a generator between runs, and uses the codec while it loads: then every mutant would have to be tried in a fresh copy. */
const left = ['random'];

function rank(file) {
  const name = file.replace('.test.ts', '');
  return killers.includes(name) ? killers.indexOf(name) : killers.length + slow.indexOf(name) + 1;
}

function testFiles(folder) {
  const all = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith('.test.ts'));
  const files = all.filter((file) => !left.includes(file.replace('.test.ts', '')));
  return files.sort((one, other) => rank(one) - rank(other) || (one < other ? -1 : 1));
}

/** Every module that the test files import, as a script of its own; Vite only takes the types off. */
async function compiled(folder, files) {
  const input = Object.fromEntries(files.map((file) => [file, join(folder, file)]));
  const output = { format: 'cjs', preserveModules: true, entryFileNames: '[name].cjs', exports: 'named' };
  const { output: chunks } = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: true,
      write: false,
      minify: false,
      target: 'node20',
      rolldownOptions: { input, treeshake: false, output },
    },
  });
  return chunks.filter(({ type }) => type === 'chunk');
}

function scriptOf({ code, fileName }) {
  return new Script(`(function (require, __filename, module, exports) {${code}\n})`, { filename: fileName });
}

/**
 * The test files of `folder`, in the order in which to run them, and `open()`: a fresh set of modules, of which each is evaluated when it
 * is first asked for. `given` are modules that stand in for packages.
 */
export async function compileSuite(folder) {
  const files = testFiles(folder);
  const chunks = await compiled(folder, files);
  const scripts = new Map(chunks.map((chunk) => [chunk.fileName, scriptOf(chunk)]));
  const places = new Map(chunks.map(({ fileName, facadeModuleId }) => [fileName, facadeModuleId]));
  const entries = new Map(chunks.map(({ fileName, facadeModuleId }) => [facadeModuleId, fileName]));
  const outside = createRequire(join(folder, 'suite.cjs'));
  const open = (given) => {
    const modules = new Map();
    const load = (name) => {
      const before = modules.get(name);
      if (before !== undefined) return before.exports;
      const module = { exports: {} };
      modules.set(name, module);
      const ask = (wanted) => {
        if (wanted.startsWith('.')) return load(join(dirname(name), wanted));
        return given[wanted] ?? outside(wanted);
      };
      scripts.get(name).runInThisContext()(ask, places.get(name) ?? name, module, module.exports);
      return module.exports;
    };
    return (file) => load(entries.get(join(folder, file)));
  };
  return { files, open };
}
