import { expect, it } from 'vitest';
import { line } from '../../../src/cli/doctor.ts';
import { harmlessLines } from '../../../src/cli/harmless.ts';

const hostile = 'Reader dock-1 says \u001b[2J\u001b]0;owned\u0007\u202egood\r\nok    store: all is well';

it('shows what a reader says in doctor without what a terminal obeys, and never as a finding of its own', () => {
  const text = line({ name: 'reader dock-1\u001b[1A', state: 'fail', text: hostile, next: `Look: ${hostile}` });
  expect(text).not.toMatch(/[^\P{C}\n]/u);
  expect(text.split('\n').filter((each) => /^(ok|warn|FAIL) /.test(each))).toHaveLength(1);
  expect(text).toContain('\\u{1b}[2J');
});

it('keeps the lines of a text of several', () => {
  expect(harmlessLines('one\ntwo\u0007')).toBe('one\ntwo\\u{7}');
});
