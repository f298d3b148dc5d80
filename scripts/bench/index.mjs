// npm run bench -- NAME [--json] [--small]: runs scripts/bench/NAME.mjs on the built program. Each figure is a ratio to its limit or to a peer in
// the same run. --small takes 30 s at most and says that it runs, not how fast.

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [name, ...rest] = process.argv.slice(2);
const folder = fileURLToPath(new URL('.', import.meta.url));
const known = readdirSync(folder)
  .filter((file) => file.endsWith('.mjs') && file !== 'index.mjs')
  .map((file) => file.slice(0, -4));
if (name === undefined || !known.includes(name) || !existsSync('dist/main.js')) {
  process.stderr.write(
    existsSync('dist/main.js')
      ? `npm run bench -- NAME [--json] [--small]; NAME is one of: ${known.join(' ')}\n`
      : 'Build first: npm run build\n',
  );
  process.exit(1);
}
process.exit(spawnSync(process.execPath, [`${folder}${name}.mjs`, ...rest], { stdio: 'inherit' }).status ?? 1);
