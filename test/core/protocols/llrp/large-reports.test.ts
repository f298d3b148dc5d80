import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openDecoder } from '../../../../src/profiles/index.ts';
import { createLlrpFramer } from '../../../../src/protocols/llrp/framer.ts';
import { llrpProfile } from '../../../edge/readers/llrp/scene.ts';
import { message, tlv, tv, u16, u32 } from './by-hand.ts';

const bytes = (hex: string) => Buffer.from(hex, 'hex');

/** One tag’s report of 34 bytes, with its number in the EPC. */
const tag = (serial: number) =>
  tlv(
    240,
    tv(13, `3005FB63AC1F3841${u32(serial)}`),
    tv(1, '0001'),
    tv(6, 'CE'),
    tv(2, '0004EC2EA8354C09'),
    tv(8, '0001'),
  );
const reportOf = (count: number, ...more: string[]) =>
  bytes(message(61, [...Array.from({ length: count }, (_, serial) => tag(serial)), ...more]));

function cut(stream: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0, i = 0; at < stream.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    chunks.push(stream.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

/** What a stream is read as: EPCs and damage, in their order. */
function readAs(chunks: readonly Uint8Array[]): string[] {
  const decoder = openDecoder(llrpProfile('generic/llrp'));
  const outcomes = [...chunks.flatMap((chunk) => decoder.push(chunk)), ...decoder.end()];
  return outcomes.map((outcome) => {
    if (outcome.kind === 'read') return String(outcome['epc']);
    if (outcome.kind === 'bad') return String(outcome['reason']);
    return outcome.kind;
  });
}

/** Of 1,950 tags and more, over 64 KiB: long enough to be read as it comes. */
const alive = bytes(message(62, []));
const largeReport = fc
  .record({
    count: fc.integer({ min: 1_950, max: 2_500 }),
    // What may stand between and after the tags: a tag of which nothing can be read, a vendor's own, damage.
    more: fc.array(
      fc.constantFrom(
        tlv(240, tv(1, '0001')),
        tlv(1023, '0000651A000000390000'),
        tlv(240, tv(13, '300833B2DDD9014000000003')),
        `00F0${u16(3)}`,
        `00F0${u16(60_000)}`,
        'FF00',
      ),
      { maxLength: 3 },
    ),
  })
  .map(({ count, more }) => reportOf(count, ...more, tag(9_999)));

describe('a report that is longer than what is held', () => {
  test('gives the same reads and the same damage in any chunking, and so does what comes after it', () => {
    const stream = fc.array(fc.oneof(largeReport, fc.constant(alive), fc.constant(reportOf(3))), {
      minLength: 1,
      maxLength: 4,
    });
    const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1_000, max: 70_000 })), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(stream, sizes, (messages, parts) => {
        const whole = Buffer.concat(messages);
        expect(readAs(cut(whole, parts))).toEqual(readAs([whole]));
      }),
      { numRuns: 40 },
    );
  });

  test('loses nothing but the damaged tag, and after damage between tags nothing but its own rest', () => {
    const damagedTag = tlv(240, tv(1, '0001'));
    const one = readAs([reportOf(2_000, damagedTag, tag(7)), alive]);
    expect([one.length, one[2_000], one[2_001], one[2_002]]).toEqual([
      2_003,
      'NO_EPC',
      '3005FB63AC1F384100000007',
      'event',
    ]);
    const all = readAs([reportOf(2_000, `00F0${u16(3)}`, tag(7)), reportOf(1)]);
    expect([all.length, all[2_000], all[2_001]]).toEqual([2_002, 'BAD_PARAM_LENGTH', '3005FB63AC1F384100000000']);
  });

  test('cut off by the end of the connection is counted, and what had come is read', () => {
    const outcomes = readAs([reportOf(2_500).subarray(0, 80_000)]);
    expect(outcomes.length).toBeGreaterThan(1_600);
    expect(outcomes.at(-1)).toBe('INCOMPLETE');
  });

  test('of 16 MiB is handed on in parts no longer than a chunk and a parameter', () => {
    const count = Math.floor((16 * 1_048_576 - 10) / (tag(0).length / 2));
    const head = bytes(`043D${u32(10 + (count * tag(0).length) / 2)}${u32(1)}`);
    let most = 0;
    let tags = 0;
    const framer = createLlrpFramer({
      message: ({ bytes: part }) => {
        most = Math.max(most, part.length);
        tags += (part.length - 10) / (tag(0).length / 2);
      },
      broken: (reason) => expect(reason).toBeNull(),
    });
    framer.push(head);
    const some = bytes(Array.from({ length: 1_000 }, (_, serial) => tag(serial)).join(''));
    for (let left = count; left > 0; left -= 1_000) {
      framer.push(some.subarray(0, (Math.min(left, 1_000) * some.length) / 1_000));
    }
    expect(tags).toBe(count);
    expect(most).toBeLessThan(70_000);
    expect(framer.pending()).toBe(0);
  });

  test('a message of four million empty parameters is refused, not kept', () => {
    const many = Buffer.alloc(16 * 1_048_576);
    many.set(bytes(`043F${u32(many.length)}${u32(1)}`));
    // READER_EVENT_NOTIFICATION holding UTCTimestamps side by side.
    const timestamp = bytes(tlv(128, '0000000000000000'));
    const end = 10 + Math.floor((many.length - 10) / timestamp.length) * timestamp.length;
    for (let at = 10; at < end; at += timestamp.length) many.set(timestamp, at);
    many.writeUInt32BE(end, 2);
    expect(readAs([many.subarray(0, end)])).toEqual(['TOO_MANY']);
  });
});
