import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bin, command, temporaryFolder } from './harness.ts';

const scratch = temporaryFolder();
afterAll(() => scratch.remove());

const tag = (n: number) => `3034257BF7194E40${n.toString(16).toUpperCase().padStart(8, '0')}`;
const long = join(scratch.path, 'long.txt');
writeFileSync(long, Array.from({ length: 60_000 }, (_, n) => `${tag(n)}\n`).join(''));

/** Runs a line of the shell in which `silentgate` is the built command and `$LONG` has 60,000 tags. */
function shell(line: string) {
  const done = spawnSync('bash', ['-c', `silentgate() { "$NODE" "$BIN" "$@"; }; ${line}`], {
    encoding: 'utf8',
    env: { ...process.env, NODE: process.execPath, BIN: bin, LONG: long },
    maxBuffer: 1 << 28,
  });
  return { out: done.stdout.trimEnd().split('\n'), err: done.stderr };
}

const inputsOf = (out: string) =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { input: string; ok: boolean; error?: { code: string } });

describe('a stream through silentgate', () => {
  it.each(['decode', 'encode'])('ends quietly when nobody reads on: %s', (name) => {
    const { out, err } = shell(`silentgate ${name} < "$LONG" | head -n 1; echo "code \${PIPESTATUS[0]}"`);
    expect(out[0]).toContain(tag(0));
    expect(out.slice(1)).toEqual(['code 0']);
    expect(err).toBe('');
  });

  it('ends quietly when nobody reads on, whatever the command: profile list', () => {
    // the first reader is gone before anything is written
    const { out, err } = shell('(sleep 0.5; silentgate profile list; echo "code $?" >&2) | true');
    expect([out, err]).toEqual([[''], 'code 0\n']);
  });

  it('waits for a slow reader and answers every line, in order', () => {
    const { out, err } = shell('silentgate encode < "$LONG" | (sleep 1; cat)');
    expect(err).toBe('');
    expect(out).toHaveLength(60_000);
    expect(out.findIndex((line, n) => line !== tag(n))).toBe(-1);
  });

  it('answers blank lines, lines with CRLF, and a last line without an end', () => {
    const done = command(scratch.path, ['decode'], `${tag(1)}\r\n\n \r\n${tag(2)}`);
    const answers = inputsOf(done.out);
    expect(answers.map(({ input }) => input)).toEqual([tag(1), '', '', tag(2)]);
    expect(answers.map(({ error }) => error?.code)).toEqual([undefined, 'EMPTY', 'EMPTY', undefined]);
    expect(done.code).toBe(1);
  });

  it('keeps no more than a part of an endless line, refuses it, and goes on', () => {
    const done = command(scratch.path, ['decode'], `${tag(1)}\n${'é'.repeat(5_000_000)}\n${tag(2)}\n`);
    const [first, endless, last, ...more] = inputsOf(done.out);
    expect([first?.input, last?.input, more]).toEqual([tag(1), tag(2), []]);
    expect(endless?.error?.code).toBe('TOO_LONG');
    expect(endless?.input).toMatch(/^é+$/);
    expect(endless?.input.length).toBeLessThan(1_200_000);
  });

  it('of nothing answers nothing', () => {
    expect(command(scratch.path, ['decode'], '')).toEqual({ code: 0, out: '', err: '' });
  });
});
