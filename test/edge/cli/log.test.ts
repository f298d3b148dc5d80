import { afterEach, expect, it, vi } from 'vitest';
import { createLog } from '../../../src/cli/log.ts';

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
