import { expect, test } from 'vitest';
import { readTagBlock } from '../../../src/protocols/bytes/tag-block.ts';

const hex = (text: string) => Buffer.from(text, 'hex');

test.each([
  ['0000', false],
  ['0200', true],
])('a PC word %s without an EPC behind it names no tag (announced XPC words left out: %s)', (block, withXpc) => {
  expect(readTagBlock(hex(block), false, withXpc)).toEqual({ ok: false, reason: 'NO_ID' });
});
