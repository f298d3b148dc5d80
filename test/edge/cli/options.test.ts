import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Runs the command line from the source. */
function run(...args: string[]) {
  const done = spawnSync(process.execPath, ['--import', 'tsx', 'src/cli/bin.ts', ...args], { encoding: 'utf8' });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

describe('silentgate decode', () => {
  it('gives a tag URI all its forms, the hex too', () => {
    const { code, out } = run('decode', '--json', 'urn:epc:tag:sgtin-96:1.4710088.000011.5');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      ok: true,
      scheme: 'sgtin-96',
      hex: '30351F7B200002C000000005',
      filter: 1,
      fields: { gtin: '04710088000118', serial: '5' },
    });
  });

  it('refuses a tag URI that no tag can hold', () => {
    const { code, out } = run('decode', '--json', 'urn:epc:tag:sgtin-96:1.4710088.000011.99999999999999');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ ok: false, error: { code: 'FIELD_OVERFLOW' } });
  });
});

describe('an option that is a number', () => {
  it.each([
    ['encode', 'urn:epc:id:sgtin:4710088.000011.5', '--filter', 'one'],
    ['decode', '30351F7B200002C000000005', '--gcp-length', '3'],
    ['simulate', '--profile', 'magicrf/m100', '--link', 'tcp:127.0.0.1:0', '--tags', '30351F7B200002C000000005'],
    ['replay', 'nothing.jsonl', '--speed', 'fast'],
  ])('%s refuses text with the option’s name and what is allowed', (...args) => {
    const { code, err } = run(...args);
    expect(code).toBe(1);
    expect(err).toMatch(/^error: option '--.*' argument '.*' is invalid\. Allowed: a .*number from/);
  });
});

describe('silentgate simulate', () => {
  const simulate = (...tags: string[]) =>
    run('simulate', '--profile', 'magicrf/m100', '--link', 'tcp:127.0.0.1:0', '--seconds', '0.1', ...tags);

  it('takes tags one after the other and option by option', () => {
    const two = ['30351F7B200002C000000005', '30351F7B200002C000000006@2@-40'];
    const { code, out, err } = simulate('--tag', ...two, '--tag', '30351F7B200002C000000007');
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).toContain('magicrf/m100 at 127.0.0.1:');
  });

  it.each(['30351F7B2', '30351F7B200002C000000005@x', '30351F7B200002C000000005@1@strong'])(
    'refuses the tag %s in one plain line',
    (tag) => {
      const { code, err } = simulate('--tag', tag);
      expect(code).toBe(1);
      expect(err.trim().split('\n')).toHaveLength(1);
    },
  );
});

it('doctor looks without leaving a database behind where no gateway ever ran', () => {
  const folder = mkdtempSync(join(tmpdir(), 'silentgate-doctor-'));
  const file = join(folder, 'silentgate.yaml');
  const places = 'locations: [{ id: a, kind: sales-floor }]\nreadPoints: [{ id: b, location: a, kind: shelf }]';
  writeFileSync(file, `site: { id: s }\n${places}\nreaders: []\n`);
  const { code, out, err } = run('doctor', '--config', file);
  expect(err).toBe('');
  expect(code).toBe(1);
  expect(out).toContain('The gateway does not run.');
  expect(existsSync(join(folder, 'data'))).toBe(false);
  rmSync(folder, { recursive: true });
});
