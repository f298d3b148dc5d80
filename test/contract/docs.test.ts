import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { generatedPages } from '../../scripts/docs.ts';
import { readConfig } from '../../src/config.ts';
import { errorCodes } from '../../src/kit/index.ts';

describe('the documents', () => {
  it.each(Object.entries(generatedPages()))('%s is what the code says (npm run docs)', (path, text) => {
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('docs/errors.md names every code, and no other', () => {
    const named = [...readFileSync('docs/errors.md', 'utf8').matchAll(/^\| `([A-Z_]+)`/gm)].map(([, code]) => code);
    expect(named).toEqual(Object.keys(errorCodes));
  });

  it('the example configuration is valid', () => {
    const result = readConfig('docs/examples/silentgate.yaml', 'firmware-profiles');
    expect('problems' in result ? result.problems : []).toEqual([]);
  });

  it('the README names only scripts and files that exist', () => {
    const readme = readFileSync('README.md', 'utf8');
    const scripts = Object.keys((JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object }).scripts);
    const named = [...readme.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name);
    expect(named.filter((name) => !scripts.includes(name ?? ''))).toEqual([]);
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path]) => path ?? '');
    expect(links.filter((path) => !existsSync(path))).toEqual([]);
  });
});
