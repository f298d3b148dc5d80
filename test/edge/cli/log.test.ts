import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { createLog } from '../../../src/cli/log.ts';
import { openLogFile } from '../../../src/cli/log-file.ts';

afterEach(() => void vi.restoreAllMocks());

it('foreign text in a log line moves no cursor, starts no line of its own and turns nothing around', () => {
  const lines: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
  const topic = 'rfid/\u001b[2J\r\n09:00:00 ERROR forged\u009b31m\u202e/events';
  createLog('info', true).warn({ topic, err: new Error('\u001b]0;title\u0007') }, 'message is not taken');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^[^\p{Cc}\p{Cf}]+\n$/u);
  expect(lines[0]).toContain('topic=rfid/\\u{1b}[2J\\u{d}\\u{a}09:00:00 ERROR forged');
});

it('goes to no FIFO, which would hold the gateway, and into no file of the data folder, by whatever name', () => {
  const folder = mkdtempSync(join(tmpdir(), 'silentgate-log-'));
  const at = (name: string) => join(folder, name);
  try {
    expect(spawnSync('mkfifo', [at('fifo')]).status).toBe(0);
    writeFileSync(at('silentgate.db'), 'database');
    symlinkSync(at('silentgate.db'), at('gateway.log'));
    for (const name of ['fifo', 'silentgate.db', 'silentgate.db-wal', 'token.key', 'gateway.log']) {
      const reasons: string[] = [];
      const events = { failed: (reason: string) => void reasons.push(reason), recovered: () => undefined };
      expect(openLogFile(at(name), events, () => 0).write('line\n')).toBe(false);
      expect(reasons).toHaveLength(1);
    }
    expect(readFileSync(at('silentgate.db'), 'utf8')).toBe('database');
    const events = { failed: () => undefined, recovered: () => undefined };
    expect(openLogFile(at('other.log'), events, () => 0).write('line\n')).toBe(true);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
