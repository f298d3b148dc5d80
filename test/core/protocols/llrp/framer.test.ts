import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openDecoder } from '../../../../src/profiles/index.ts';
import { createLlrpFramer } from '../../../../src/protocols/llrp/framer.ts';
import { readMessage, writeMessage, writeParameter } from '../../../../src/protocols/llrp/tree.ts';
import { llrpProfile } from '../../../edge/readers/llrp/scene.ts';

const folder = join(import.meta.dirname, '../../../captures');
const samples = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => /^llrp-.*\.hex$/.test(file))
  .sort()
  .map((file) => Buffer.from(readFileSync(join(folder, file), 'latin1').trim(), 'hex'));
/** Those that are whole messages one after the other. */
const whole = samples.filter((bytes) => framesOf([bytes]).pending === 0 && framesOf([bytes]).broken.length === 0);

function framesOf(chunks: readonly Uint8Array[]) {
  const messages: string[] = [];
  const broken: string[] = [];
  const framer = createLlrpFramer({
    message: ({ bytes }) => messages.push(Buffer.from(bytes).toString('hex')),
    broken: (reason) => broken.push(reason),
  });
  for (const chunk of chunks) framer.push(chunk);
  return { messages, broken, pending: framer.pending() };
}

function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

describe('the LLRP framer', () => {
  test('has whole samples to be tried with', () => {
    expect(whole.length).toBeGreaterThan(40);
  });

  test('gives the same messages for every place at which any sample is cut in two', () => {
    for (const bytes of whole) {
      const { messages } = framesOf([bytes]);
      expect(messages.join('')).toBe(bytes.toString('hex'));
      for (let at = 0; at <= bytes.length; at++) {
        expect(framesOf([bytes.subarray(0, at), bytes.subarray(at)]).messages).toEqual(messages);
      }
    }
  });

  test('gives the same messages in any chunking of any row of samples', () => {
    const rows = fc.array(fc.constantFrom(...whole), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(rows, fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 20 }), (row, sizes) => {
        const bytes = Buffer.concat(row);
        expect(framesOf(cut(bytes, sizes))).toEqual(framesOf([bytes]));
        expect(framesOf(cut(bytes, [1])).messages).toHaveLength(framesOf([bytes]).messages.length);
      }),
    );
  });

  test('gives what came before a length that cannot be right, in any chunking, and nothing after it', () => {
    const bad = Buffer.from('043e0000000900000001', 'hex');
    const good = whole[0] ?? bad;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }), (sizes) => {
        const { messages, broken, pending } = framesOf(cut(Buffer.concat([good, bad, good]), sizes));
        expect({ messages, broken, pending }).toEqual({
          messages: framesOf([good]).messages,
          broken: ['BAD_LENGTH'],
          pending: 0,
        });
      }),
    );
  });

  test('takes a message of 1 MiB a byte at a time, one of 16 MiB, and refuses one byte more before it is there', () => {
    const answer = (length: string) =>
      Buffer.concat([Buffer.from(`040b${length}00000001`, 'hex'), Buffer.alloc(Number.parseInt(length, 16) - 10)]);
    expect(framesOf(cut(answer('00100000'), [1])).messages).toHaveLength(1);
    expect(framesOf(cut(answer('01000000'), [65_536])).messages).toHaveLength(1);
    expect(framesOf([Buffer.from('040b0100000100000001', 'hex')]).broken).toEqual(['TOO_LONG']);
    expect(framesOf([Buffer.from('043d0100000100000001', 'hex')]).broken).toEqual(['TOO_LONG']);
  });

  test('may have its chunk’s buffer used again as soon as it was taken', () => {
    const bytes = whole[0] ?? Buffer.alloc(0);
    const messages: string[] = [];
    const framer = createLlrpFramer({
      message: (message) => messages.push(Buffer.from(message.bytes).toString('hex')),
      broken: () => undefined,
    });
    const buffer = Buffer.alloc(8);
    for (let at = 0; at < bytes.length; at += 8) {
      const part = bytes.subarray(at, at + 8);
      buffer.set(part);
      framer.push(buffer.subarray(0, part.length));
      buffer.fill(0xff);
    }
    expect(messages).toEqual(framesOf([bytes]).messages);
  });
});

describe('hostile messages', () => {
  test('that nest a parameter in itself thousands of times are refused', () => {
    let inside = new Uint8Array(0);
    for (let i = 0; i < 5_000; i++) inside = Uint8Array.from(writeParameter('ROBoundarySpec', {}, [inside]));
    const bytes = writeMessage('GET_ROSPECS_RESPONSE', { version: 1, id: 1 }, {}, [inside]);
    expect(readMessage({ version: 1, type: 36, id: 1, bytes })).toEqual({ ok: false, reason: 'TOO_DEEP' });
  });

  test('a million times changed, throw nothing, hang nothing and hold nothing', { timeout: 300_000 }, () => {
    const decoder = openDecoder(llrpProfile('impinj/llrp'));
    const random = createRandom(20_261_121);
    const small = samples.filter((bytes) => bytes.length < 400);
    const kinds = { read: 0, answer: 0, event: 0, bad: 0, remark: 0 };
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 1_000_000; i++) {
      const bytes = Buffer.from(small[i % small.length] ?? []);
      damage(bytes, random);
      const outcomes = decoder.push(bytes);
      // A length that grew would have the decoder wait for messages to come: each is tried by itself.
      if (i % 4 === 0) outcomes.push(...decoder.end());
      for (const { kind } of outcomes) kinds[kind] += 1;
    }
    for (const kind of ['read', 'answer', 'event', 'bad'] as const) expect(kinds[kind]).toBeGreaterThan(1_000);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(200_000_000);
  });
});

/** Whole numbers below a limit, the same ones every time. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * below);
  };
}

/** Changes one to three bytes. */
function damage(bytes: Buffer, random: (below: number) => number): void {
  for (let changes = 1 + random(3); changes > 0; changes--) bytes[random(bytes.length)] = random(256);
}
