import { afterEach, describe, expect, test, vi } from 'vitest';
import { compileMessageDecoder } from '../../../../../src/protocols/messages/decode.ts';
import { plugins } from '../../../../../src/protocols/messages/plugins.ts';
import type { MessageProfile } from '../../../../../src/protocols/vocabulary/message-profile.ts';
import type { ReadMap } from '../../../../../src/protocols/vocabulary/read-map.ts';
import { readSink } from '../../../../fakes/sink.ts';
import { capturedMessages, context, profiles } from './scene.ts';

afterEach(() => vi.restoreAllMocks());

const at = Date.UTC(2026, 10, 30, 20);
const iso = (n: number) => new Date(at + 1_237 * n).toISOString();
const epc = (n: number) => `3034257BF7194E40${(0x1000 + n).toString(16).toUpperCase().padStart(8, '0')}`;

const impinj = (n: number) => ({
  timestamp: iso(n),
  hostname: 'impinj-14-46-36',
  eventType: 'tagInventory',
  tagInventoryEvent: {
    epc: Buffer.from(epc(n), 'hex').toString('base64'),
    epcHex: epc(n),
    tidHex: 'E28011606000020497CB0065',
    pc: 'MAA=',
    antennaPort: 1 + (n % 4),
    peakRssiCdbm: -5530 + (n % 100),
    frequency: 915_250 + 500 * (n % 50),
    phaseAngle: (n * 37.25) % 360,
    lastSeenTime: iso(n),
  },
});
const zebra = (n: number) => ({
  type: 'INVENTORY',
  timestamp: iso(n).replace('Z', '+0000'),
  data: {
    eventNum: n,
    format: 'epc',
    idHex: epc(n).toLowerCase(),
    antenna: 1 + (n % 8),
    peakRssi: -40 - (n % 30),
    reads: n % 7,
    phase: (n * 37.1234567890123) % 180,
    channel: 915.25,
    PC: '3000',
    ...(n % 2 === 0 ? { TID: 'E28011606000020497CB0065' } : {}),
  },
});
const fastId = (n: number) => ({
  data: { antenna: 5, eventNum: n, format: 'fastID', idHex: `${epc(n)}E28011B02000B30A26BA03B6`, peakRssi: -24 },
  timestamp: iso(n).replace('Z', '+0000'),
  type: 'CUSTOM',
});
const sled = (n: number) => ({
  type: 'BALANCED_PERFORMANCE',
  timestamp: iso(n),
  data: { tagData: [n, n + 1].map((i) => ({ EPCid: epc(i), EPC: epc(i), peakRssi: -52, seenCount: i, eventNum: i })) },
});
const map: ReadMap = {
  list: ['tags'],
  id: [{ path: 'id' }],
  antenna: [{ topicLevel: 2 }],
  rssi: [{ path: 'rssi' }],
  time: [{ path: '/at', format: 's' }],
  count: [{ path: 'n' }],
};
const own = (n: number) => ({ tags: [{ id: epc(n), rssi: `-${40 + (n % 20)}.5`, n: n % 5 }], at: 1_796_000_000 + n });

type Row = readonly [string, string, string, (n: number) => unknown, ReadMap | undefined];
const rows: readonly Row[] = [
  ['an R700, one read a message', 'impinj/r700', '', impinj, undefined],
  [
    'an R700, fifty in a list',
    'impinj/r700',
    '',
    (n) => Array.from({ length: 50 }, (_, i) => impinj(50 * n + i)),
    undefined,
  ],
  ['a fixed Zebra reader', 'zebra/iot-connector', '', (n) => [zebra(2 * n), zebra(2 * n + 1)], undefined],
  ['a fixed Zebra reader that reads TIDs behind EPCs', 'zebra/iot-connector', '', fastId, undefined],
  ['a Zebra sled', 'zebra/rfd40', '', sled, undefined],
  ['any reader, by a map of its own', 'generic/json', 'rfid/3/tags', own, map],
];

describe('of a reader whose shape is known', () => {
  test.each(rows)('messages are read without a parser: %s', (...[, id, topic, message, readMap]: Row) => {
    const decoder = compileMessageDecoder(profiles.get(id) as MessageProfile, readMap, context);
    const { sink, reads } = readSink();
    const send = (n: number) =>
      decoder.message({ topic, payload: Buffer.from(JSON.stringify(message(n))), at: at + n }, sink);
    for (let n = 0; n < 5; n++) send(n);
    const parse = vi.spyOn(JSON, 'parse');
    const before = reads.length;
    for (let n = 5; n < 100; n++) send(n);
    expect(parse).not.toHaveBeenCalled();
    expect(reads.length - before).toBe((before / 5) * 95);
  });

  test('a message of lines is read as the lines are', () => {
    const decoder = compileMessageDecoder(profiles.get('impinj/r700') as MessageProfile, undefined, context);
    const { sink, reads } = readSink();
    const lines = (n: number) => `${[n, n + 1, n + 2].map((i) => JSON.stringify(impinj(i))).join('\r\n')}\r\n`;
    for (let n = 0; n < 4; n++)
      decoder.message({ topic: '', payload: Buffer.from(JSON.stringify(impinj(n))), at }, sink);
    const parse = vi.spyOn(JSON, 'parse');
    decoder.message({ topic: '', payload: Buffer.from(lines(7)), at }, sink);
    expect(parse).not.toHaveBeenCalled();
    expect(reads.slice(-3).map((read) => read.epc)).toEqual([epc(7), epc(8), epc(9)]);
  });

  test('what can never be learnt is not tried for ever', () => {
    const decoder = compileMessageDecoder(profiles.get('generic/json') as MessageProfile, undefined, context);
    const { sink } = readSink();
    const send = (n: number) =>
      decoder.message({ topic: '', payload: Buffer.from(JSON.stringify({ epc: epc(n), [`k${n}`]: n })), at }, sink);
    for (let n = 0; n < 40; n++) send(n);
    const parse = vi.spyOn(JSON, 'parse');
    for (let n = 40; n < 540; n++) send(n);
    // The generic way parses each once.
    expect(parse).toHaveBeenCalledTimes(500);
  });
});

describe('what a maker’s code looks at in a message with reads', () => {
  test.each(Object.entries(plugins))('is what it says: %s', (_, plugin) => {
    const voice = plugin.listen();
    const seen = new Set<string>();
    const { sink } = readSink();
    for (const { payload } of capturedMessages()) {
      let message: unknown;
      try {
        message = JSON.parse(payload.toString());
      } catch {
        continue;
      }
      const watched = new Proxy(typeof message === 'object' && message !== null ? message : {}, {
        get: (target, name) => {
          seen.add(String(name));
          return Reflect.get(target, name) as unknown;
        },
        ownKeys: (target) => {
          seen.add('all names');
          return Reflect.ownKeys(target);
        },
      });
      voice.read(watched, sink);
    }
    expect([...seen].filter((name) => !(voice.looksAt ?? [name]).includes(name))).toEqual([]);
  });
});
