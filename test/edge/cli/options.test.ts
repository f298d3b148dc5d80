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

  it('shows control characters and does not send them to the terminal', () => {
    const { code, out } = run('decode', '\u001b[2Jx');
    expect(code).toBe(1);
    expect(out).toContain('\\u001b[2Jx');
    expect(out).not.toContain('\u001b');
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

describe('silentgate encode', () => {
  it('names the option that is missing for a Digital Link', () => {
    const { code, out } = run('encode', '--scheme', 'sgtin-96', 'https://id.gs1.org/01/09521234543213/21/5');
    expect(code).toBe(1);
    expect(out).toContain('--gcp-length');
  });
});

describe('silentgate record', () => {
  it('says once what is wrong with its link, and goes on waiting', () => {
    const folder = mkdtempSync(join(tmpdir(), 'silentgate-record-'));
    const file = join(folder, 'a.ndjson');
    const { code, out, err } = run('record', file, '--link', `serial:${join(folder, 'none')}`, '--seconds', '2');
    rmSync(folder, { recursive: true });
    expect(code).toBe(0);
    expect(err.trimEnd().split('\n')).toEqual([
      `There is no device ${join(folder, 'none')}: check that it is plugged in.`,
    ]);
    expect(out).toContain('events in');
  });
});

describe('silentgate replay', () => {
  it('names what cannot be: a recording of bytes in a broker, a topic with a wildcard', () => {
    const wild = run('replay', 'nothing.ndjson', '--link', 'mqtt://127.0.0.1:1/rfid/#');
    expect(wild).toMatchObject({ code: 1, err: 'Nothing can be published to rfid/#: name one topic, or none.\n' });
  });
});

describe('silentgate backup', () => {
  it('does not write over a file that is there, unless --force', () => {
    const folder = mkdtempSync(join(tmpdir(), 'silentgate-backup-'));
    const config = join(folder, 'silentgate.yaml');
    writeFileSync(
      config,
      `site: { id: shop }
locations: [{ id: floor, kind: sales-floor }]
readPoints: [{ id: shelf-1, location: floor, kind: shelf }]
readers: []
`,
    );
    const file = join(folder, 'a.db');
    const backup = (...more: string[]) => run('backup', file, '--config', config, ...more);
    writeFileSync(file, 'mine');
    expect(backup()).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^.*a\.db is there already; .*--force.*\n$/),
    });
    expect(backup('--force').err).not.toContain('there already');
    rmSync(folder, { recursive: true });
  });
});

describe('a fault of a simulated reader', () => {
  const reader = ['simulate', '--profile', 'magicrf/m100', '--link', 'tcp:127.0.0.1:0'];

  it.each([
    [['--hang', '60'], 'EVERY/FOR'],
    [['--hang', '5/60'], 'EVERY/FOR'],
    [['--slow', '0'], '--slow'],
    [['--skew', '5'], 'magicrf/m100'],
  ])('%j is refused in one line that says why', (flags, why) => {
    const { code, out, err } = run(...reader, ...flags);
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toContain(why);
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  it('that it can have is played to its end', () => {
    const { code, out } = run(...reader, '--hang', '2/1', '--slow', '100', '--restart', '3', '--seconds', '0.2');
    expect(code).toBe(0);
    expect(out).toContain('0 reports sent');
  });
});
