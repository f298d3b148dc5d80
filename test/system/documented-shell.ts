import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { bin } from './harness.ts';

/** One command of a page, and what it printed. */
export type Run = {
  readonly command: string;
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
};

/** The commands of a page's `sh` blocks, a continued line with the one it continues. */
export function commandsOf(page: string): string[] {
  const blocks = [...readFileSync(page, 'utf8').matchAll(/^```sh\n(.*?)^```$/gms)].map(([, text]) => text ?? '');
  return blocks
    .flatMap((text) => text.replace(/\\?\n(?=[ \t])/g, ' ').split('\n'))
    .filter((line) => line.trim() !== '');
}

/**
 * Runs a page's commands as a stranger would paste them, in `folder`, one after the other. Only what a page cannot know is
 * filled in: the address that the gateway listens on, and for `sg_…` the key that the last `key create` printed.
 */
export function runPage(page: string, folder: string, url: string): Run[] {
  const path = `${shims(folder)}${delimiter}${process.env['PATH'] ?? ''}`;
  let key = '';
  return commandsOf(page).map((command) => {
    const filled = command.replaceAll('http://127.0.0.1:8080', url).replaceAll('sg_…', key);
    const done = spawnSync('bash', ['-c', filled.replaceAll('curl ', 'curl -sS --max-time 20 ')], {
      cwd: folder,
      env: { ...process.env, PATH: path },
      encoding: 'utf8',
    });
    key = /sg_\S+/.exec(done.stdout)?.[0] ?? key;
    return { command, code: done.status, out: done.stdout, err: done.stderr };
  });
}

/** `npx silentgate` is the built command of this checkout, wherever the folder is. */
function shims(folder: string): string {
  const path = join(folder, 'bin');
  mkdirSync(path, { recursive: true });
  const script = `#!/bin/sh\nshift\nexec "${process.execPath}" "${bin}" "$@"\n`;
  writeFileSync(join(path, 'npx'), script, { mode: 0o755 });
  return path;
}
