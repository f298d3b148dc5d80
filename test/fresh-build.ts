import { execSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const inputs = ['src', 'tsconfig.json', 'tsconfig.build.json', 'vite.config.ts', 'package.json'];
/** What the two halves of the build write last, or close to it. */
const outputs = ['dist/cli/bin.js', 'dist/main.js', 'dist/web/index.html'];

function newestOf(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  const inside = readdirSync(path).map((name) => newestOf(join(path, name)));
  return Math.max(stat.mtimeMs, ...inside);
}

/** Whether the built program is older than anything that it is made of, or not there. `root` is the checkout. */
export function isStale(root: string): boolean {
  const built = outputs.map((file) => join(root, file));
  if (!built.every((file) => existsSync(file))) return true;
  const oldest = Math.min(...built.map((file) => statSync(file).mtimeMs));
  return inputs.some((path) => newestOf(join(root, path)) > oldest);
}

/** Before the tests of the whole daemon: they run the built program, and it must be that of the source beside them. */
export function setup(): void {
  if (!isStale('.')) return;
  process.stdout.write('The built program is older than its source: npm run build\n');
  // Outputs of sources that are gone would go on being tested.
  rmSync('dist', { recursive: true, force: true });
  execSync('npm run build', { stdio: 'inherit' });
}
