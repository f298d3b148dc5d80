import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LARGEST_PAYLOAD } from '../../../src/kit/index.ts';
import { createPacketFilter, oversizeOf } from '../../../src/links/packet-filter.ts';

/** More than may stand around a payload. */
const around = 128 * 1024;
const limit = 300;

type Message = { readonly topic: string; readonly qos: number; readonly retain: boolean; readonly size: number };
/** A PUBLISH as it stands on the wire. */
type Publish = Omit<Message, 'size'> & { readonly id: number; readonly payload: Buffer };

const message: fc.Arbitrary<Message> = fc.record({
  topic: fc.constantFrom('a', 'rfid/dock-1/events', 'r'.repeat(200)),
  qos: fc.constantFrom(0, 1, 2),
  retain: fc.boolean(),
  size: fc.oneof(fc.nat(limit), fc.integer({ min: limit + around, max: limit + 2 * around })),
});

/** Content type `json`: seven bytes and their length. */
const properties = Buffer.from([7, 3, 0, 4, ...Buffer.from('json')]);
const u16 = (value: number) => Buffer.from([value >> 8, value & 255]);

/** MQTT 3.1.1 and 5, 2.2 and 3.3. */
function publish({ topic, qos, retain, size }: Message, id: number, version: 4 | 5): Buffer {
  const front = [u16(topic.length), Buffer.from(topic), qos > 0 ? u16(id) : Buffer.alloc(0)];
  const body = Buffer.concat([...front, version === 5 ? properties : Buffer.alloc(0), Buffer.alloc(size, 7)]);
  const digits = [body.length & 127, (body.length >> 7) & 127, body.length >> 14];
  const count = body.length < 128 ? 1 : body.length < 16_384 ? 2 : 3;
  const length = digits.slice(0, count).map((digit, i) => (i < count - 1 ? digit | 128 : digit));
  return Buffer.concat([Buffer.from([0x30 | (qos << 1) | Number(retain), ...length]), body]);
}

/** Reads a stream of PUBLISH packets. */
function readPublishes(stream: Buffer, version: 4 | 5): Publish[] {
  const packets: Publish[] = [];
  for (let at = 0; at < stream.length; ) {
    const flags = stream.readUInt8(at);
    let length = 0;
    let shift = 0;
    let more = true;
    for (at += 1; more; at += 1) {
      length += (stream.readUInt8(at) & 127) << shift;
      shift += 7;
      more = stream.readUInt8(at) > 127;
    }
    const body = stream.subarray(at, at + length);
    const qos = (flags >> 1) & 3;
    const afterTopic = 2 + body.readUInt16BE(0);
    const afterId = afterTopic + (qos > 0 ? 2 : 0);
    const start = version === 5 ? afterId + 1 + body.readUInt8(afterId) : afterId;
    packets.push({
      ...{ topic: body.toString('utf8', 2, afterTopic), qos, retain: (flags & 1) === 1 },
      ...{ id: qos > 0 ? body.readUInt16BE(afterTopic) : 0, payload: body.subarray(start) },
    });
    at += length;
  }
  return packets;
}

function cut(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const edges = [0, ...cuts.map((at) => at % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return edges.slice(1).map((end, i) => bytes.subarray(edges[i], end));
}

/** What goes on behind the filter. */
function behind(stream: Uint8Array, cuts: readonly number[], version: 4 | 5): Publish[] {
  const filter = createPacketFilter({ version, limit });
  return readPublishes(Buffer.concat(cut(stream, cuts).map((chunk) => filter(chunk) ?? Buffer.from('cut'))), version);
}

/** The size of a message as the finding gives it; in MQTT 5 its properties are counted with it. */
const told = (size: number, version: 4 | 5) => (version === 5 ? size + properties.length : size);

describe('the filter of MQTT packets', () => {
  test.each([4, 5] as const)(
    'takes out what is over the limit and nothing else, however the stream is cut (version %i)',
    (version) => {
      const messages = fc.array(message, { minLength: 1, maxLength: 6 });
      fc.assert(
        fc.property(messages, fc.array(fc.nat(2_000_000), { maxLength: 12 }), (sent, cuts) => {
          const stream = Buffer.concat(sent.map((one, i) => publish(one, i + 1, version)));
          const seen = behind(stream, cuts, version).map(({ payload, ...rest }) => {
            const oversize = oversizeOf(payload, limit);
            return { ...rest, size: oversize?.size ?? payload.length, isOut: oversize !== null };
          });
          const due = sent.map(({ size, ...rest }, i) => {
            const isOut = size > limit;
            return { ...rest, id: rest.qos > 0 ? i + 1 : 0, size: isOut ? told(size, version) : size, isOut };
          });
          expect(seen).toEqual(due);
        }),
        { numRuns: 60 },
      );
    },
  );

  test('passes a chunk without long packets on as it is, uncopied', () => {
    const chunk = publish({ topic: 'a', qos: 1, retain: false, size: 20 }, 1, 4);
    expect(createPacketFilter({ version: 4 })(chunk)?.buffer).toBe(chunk.buffer);
  });

  test.each([
    ['a length of more than four bytes', [0x30, 0x80, 0x80, 0x80, 0x80, 0x01]],
    ['a CONNECT of 256 MB', [0x10, 0xff, 0xff, 0xff, 0x7f]],
  ])('cuts the connection for %s', (_, head) => {
    expect(createPacketFilter({ version: 4 })(Uint8Array.from(head))).toBeNull();
  });

  test('cuts a long packet for which there is no room, before it has come', () => {
    const asked: number[] = [];
    const room = (size: number) => asked.push(size) === 1;
    const filter = createPacketFilter({ version: 4, room });
    const long = publish({ topic: 'a', qos: 0, retain: false, size: 2_000_000 }, 0, 4);
    expect(filter(long.subarray(0, 100))).not.toBeNull();
    expect(createPacketFilter({ version: 4, room })(long.subarray(0, 100))).toBeNull();
    expect(asked).toEqual([2_000_003, 2_000_003]);
  });

  test('holds next to nothing of a packet of 256 MB', () => {
    const filter = createPacketFilter({ version: 4 });
    filter(Uint8Array.from([0x32, 0xff, 0xff, 0xff, 0x7f, 0, 1, 97, 0, 9]));
    const chunk = new Uint8Array(65_536);
    const before = process.memoryUsage();
    let passed = 0;
    let last: Uint8Array | null = null;
    for (let left = 268_435_455 - 5; left > 0; left -= chunk.length) {
      last = filter(chunk.subarray(0, Math.min(left, chunk.length)));
      passed += last?.length ?? 0;
    }
    expect(passed).toBeLessThan(40);
    expect(process.memoryUsage().arrayBuffers - before.arrayBuffers).toBeLessThan(8_000_000);
    expect(oversizeOf(last?.subarray(-20) ?? chunk)).toEqual({ size: 268_435_450, limit: LARGEST_PAYLOAD });
  });

  test('takes a payload of exactly the limit, and refuses one byte more', () => {
    expect(oversizeOf(Buffer.alloc(LARGEST_PAYLOAD))).toBeNull();
    expect(oversizeOf(Buffer.alloc(LARGEST_PAYLOAD + 1))).toEqual({ size: 16_777_217, limit: 16_777_216 });
  });
});
