import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { build } from 'vite';

/** Files in this order, others behind them, the slow ones last: what kills most and costs least comes first. */
const killers = ['schemes-page', 'fields', 'vectors', 'text', 'forms', 'edges', 'element-faults', 'hostname', 'memory'];
const slow = ['flips', 'random', 'peer'];

function rank(file) {
  const name = file.replace('.test.ts', '');
  return killers.includes(name) ? killers.indexOf(name) : killers.length + slow.indexOf(name) + 1;
}

/** An entry that imports every test file of `folder`, and says before each which one follows. */
function entryOf(folder) {
  const files = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith('.test.ts'));
  files.sort((one, other) => rank(one) - rank(other) || (one < other ? -1 : 1));
  const lines = files.map((file) => `import 'file:${file}';\nimport ${JSON.stringify(join(folder, file))};`);
  return lines.join('\n');
}

function entryPlugin(folder) {
  return {
    name: 'entry',
    enforce: 'pre',
    resolveId: (id) => (id === 'entry' || id.startsWith('file:') ? `\0${id}` : null),
    load(id) {
      if (id === '\0entry') return { code: entryOf(folder), moduleSideEffects: true };
      if (!id.startsWith('\0file:')) return null;
      return { code: `globalThis.testFile = ${JSON.stringify(join(folder, id.slice(6)))};`, moduleSideEffects: true };
    },
  };
}

/** All test files of `folder` and what they import as one script. It yields a function of `require` and a file name. */
export async function compileSuite(folder) {
  const output = await build({
    configFile: false,
    logLevel: 'error',
    plugins: [entryPlugin(folder)],
    build: {
      ssr: true,
      write: false,
      minify: false,
      target: 'node20',
      rolldownOptions: { input: 'entry', treeshake: false, output: { format: 'cjs', codeSplitting: false } },
    },
  });
  const { code } = output.output[0];
  const script = new Script(`(function (require, __filename, module, exports) {${code}\n})`, { filename: 'suite.cjs' });
  const file = join(folder, 'suite.cjs');
  return { script, file, require: createRequire(file) };
}
