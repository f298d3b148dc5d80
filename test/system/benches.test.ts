import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const benches = readdirSync('scripts/bench')
  .filter((file) => file.endsWith('.mjs') && file !== 'index.mjs')
  .map((file) => file.replace('.mjs', ''));

type Report = { readonly bench: string; readonly results: readonly Record<string, unknown>[] };

describe('npm run bench', () => {
  it.each(benches)('-- %s --small --json runs and compares what it measured with a limit or a peer', (name) => {
    const { status, stdout, stderr } = spawnSync('node', ['scripts/bench/index.mjs', name, '--small', '--json'], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const { bench, results } = JSON.parse(stdout) as Report;
    expect(bench).toBe(name);
    expect(results.length).toBeGreaterThan(0);
    const compared = results.map(({ ratio }) => ratio).filter((ratio) => ratio !== null);
    expect(compared).not.toEqual([]);
    for (const ratio of compared) expect(ratio).toBeGreaterThan(0);
  });

  it('names the benches there are where it is asked for none of them', () => {
    const { status, stderr } = spawnSync('node', ['scripts/bench/index.mjs', 'nothing'], { encoding: 'utf8' });
    expect(status).toBe(1);
    for (const name of benches) expect(stderr).toContain(name);
  });
});
