import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as tags from '../../src/tags/index.ts';
import { schemes } from '../../src/tags/schemes/table.ts';

const page = readFileSync('docs/tags.md', 'utf8');

function filesUnder(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesUnder(path) : [path];
  });
}

/** The code blocks of the page in a language. */
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, text = '']) => text);

describe('the tag codec', () => {
  it('stands alone: nothing in its room imports another room, a package or a Node module', () => {
    const outside = filesUnder('src/tags').flatMap((file) => {
      const imports = [...readFileSync(file, 'utf8').matchAll(/^(?:import|export)\b[^;]*?from '([^']+)'/gm)];
      return imports
        .map(([, target = '']) => target)
        .filter((target) => !target.startsWith('.') || !normalize(join(dirname(file), target)).startsWith('src/tags/'))
        .map((target) => `${file}: ${target}`);
    });
    expect(outside).toEqual([]);
  });

  it('has a row in the table for every file of schemes', () => {
    const table = readFileSync('src/tags/schemes/table.ts', 'utf8');
    const files = readdirSync('src/tags/schemes').filter((file) => file !== 'table.ts');
    expect(files.filter((file) => !table.includes(`from './${file}'`))).toEqual([]);
    const headers = schemes.map(({ header }) => header);
    expect(new Set(headers).size).toBe(headers.length);
    const sections = readFileSync('docs/tag-schemes.md', 'utf8').split('\n');
    expect(schemes.map(({ name }) => `### ${name}`).filter((title) => !sections.includes(title))).toEqual([]);
  });

  it('has every function that its page shows', () => {
    const shown = [...blocks('js'), ...blocks('html')].flatMap((text) =>
      [...text.matchAll(/import \{([^}]*)\}/g)].flatMap(([, names = '']) =>
        names.split(',').map((name) => name.trim()),
      ),
    );
    expect(shown.length).toBeGreaterThan(5);
    expect(shown.filter((name) => !(name in tags))).toEqual([]);
  });

  it('does what the example of its page says', () => {
    const [example = ''] = blocks('js');
    const printed: unknown[] = [];
    const body = example.replace(/^import .*$/m, '');
    const names = Object.keys(tags);
    const run = new Function(...names, 'console', body);
    run(...Object.values(tags), { log: (...values: unknown[]) => printed.push(...values) });
    expect(printed).toEqual([
      'urn:epc:id:sgtin:9528765.012345.123456789123',
      '09528765123457',
      expect.stringMatching(/^F7[0-9A-F]+$/),
      'https://id.gs1.org/01/09528765123457/21/123456789123',
    ]);
    for (const value of printed.filter((one) => !String(one).startsWith('F7')))
      expect(example).toContain(String(value));
  });

  it('names every reason and every mark on its page, and no other', () => {
    const source = readFileSync('src/tags/epc.ts', 'utf8');
    const union = (name: string) =>
      [...(source.split(`export type ${name} =`)[1]?.split(';')[0] ?? '').matchAll(/'([A-Z_]+)'/g)].map(
        ([, one]) => one,
      );
    const [, errors = ''] = page.split('## Errors');
    const rows = [...errors.matchAll(/^\| (`[A-Z_` ]+) \|/gm)].flatMap(([, cell = '']) => cell.match(/[A-Z_]+/g) ?? []);
    expect([...rows].sort()).toEqual([...union('TagErrorCode')].sort());
    for (const mark of union('TagMark')) expect(errors).toContain(`\`${mark}\``);
  });
});
