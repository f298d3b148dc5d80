import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Files that ship beside the program, found from where this module runs (`src/cli` or `dist/cli`). */
export const shippedProfiles = fileURLToPath(new URL('../../firmware-profiles', import.meta.url));
export const webRoot = fileURLToPath(new URL('../../dist/web', import.meta.url));

/** The package's version. */
export function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
