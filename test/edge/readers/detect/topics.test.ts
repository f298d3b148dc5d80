import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { LinkMessage } from '../../../../src/links/index.ts';
import { loadProfiles } from '../../../../src/profiles/index.ts';
import { createTopicWatch, llrpReaders, serialReaders, topicReaders, yamlOf } from '../../../../src/readers/index.ts';

const folder = join(import.meta.dirname, '../../../../firmware-profiles');
const shipped = loadProfiles([folder]).all();

function say(topic: string, payload: unknown): LinkMessage {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return { topic, payload: Buffer.from(text), redelivered: false, retained: false, at: 0 };
}

const example = (id: string, part: 'read' | 'heartbeat'): unknown =>
  JSON.parse(readFileSync(join(folder, `${id}.json`), 'utf8')).simulate[part];

test.each(['impinj/r700', 'zebra/iot-connector', 'zebra/rfd40', 'chainway/ura4'])(
  'what %s publishes is understood by that profile best',
  (id) => {
    const watch = createTopicWatch(shipped);
    watch.message(say('a/b', example(id, 'read')));
    const [finding] = watch.findings();
    expect(finding).toMatchObject({ topic: 'a/b', messages: 1 });
    expect(finding?.understood[0]).toMatchObject({ profile: id, reads: 1, bad: 0 });
  },
);

test('reads that nobody’s own profile knows are left to the generic one, and what is no reader to none', () => {
  const watch = createTopicWatch(shipped);
  watch.message(say('home/door', { epc: '3034257BF7194E4000001A85', antenna: 1 }));
  watch.message(say('home/lamp', { state: 'on' }));
  watch.message(say('home/text', 'hello'));
  expect(watch.findings().map(({ topic, understood }) => [topic, understood[0]?.profile ?? null])).toEqual([
    ['home/door', 'generic/json'],
    ['home/lamp', null],
    ['home/text', null],
  ]);
});

test('a status topic is put to the reader whose topic is nearest to it by name', () => {
  const watch = createTopicWatch(shipped);
  for (const dock of ['dock-1', 'dock-2']) {
    watch.message(say(`rfid/${dock}/data`, example('zebra/iot-connector', 'read')));
    watch.message(say(`rfid/${dock}/mgmt`, example('zebra/iot-connector', 'heartbeat')));
  }
  expect(topicReaders(watch.findings()).map(({ link }) => link)).toEqual([
    { mqtt: { topic: 'rfid/dock-1/data', statusTopic: 'rfid/dock-1/mgmt' } },
    { mqtt: { topic: 'rfid/dock-2/data', statusTopic: 'rfid/dock-2/mgmt' } },
  ]);
});

test('a broker that carries the whole world is listened to within bounds', () => {
  const watch = createTopicWatch(shipped);
  for (let i = 0; i < 2_000; i++) watch.message(say(`t/${i}`, '{}'));
  for (let i = 0; i < 2_000; i++) watch.message(say('t/1', { epc: '3034257BF7194E4000001A85' }));
  const findings = watch.findings();
  expect(findings).toHaveLength(500);
  const busy = findings.find(({ topic }) => topic === 't/1');
  expect(busy?.messages).toBe(2_001);
  expect(busy?.understood[0]?.reads).toBeLessThan(1_001);
});

test('the lines to paste are YAML that says where each reader is', () => {
  const serial = { path: '/dev/ttyUSB0', byId: null, error: null };
  const found = { identity: null, how: 'answered', alternatives: [], format: '8N1' } as const;
  const readers = [
    ...serialReaders(
      [
        {
          ...serial,
          byId: '/dev/serial/by-id/usb-1a86-if00',
          found: { ...found, profile: 'magicrf/m100', baudRate: 115_200 },
        },
        { ...serial, found: { ...found, profile: 'chafon/uhfreader288', baudRate: 38_400 } },
        { ...serial, path: '/dev/ttyUSB1', found: null },
      ],
      shipped,
    ),
    ...llrpReaders([
      { host: '10.0.0.5', port: 5084, profile: 'impinj/llrp', identity: null, isTaken: false },
      { host: '10.0.0.6', port: 5085, profile: 'generic/llrp', identity: null, isTaken: true },
    ]),
  ];
  expect(parse(yamlOf(readers))).toEqual({
    readers: [
      {
        id: 'm100-1',
        profile: 'magicrf/m100',
        link: { serial: { path: '/dev/serial/by-id/usb-1a86-if00' } },
        antennas: { 1: 'READ_POINT' },
      },
      {
        id: 'uhfreader288-2',
        profile: 'chafon/uhfreader288',
        link: { serial: { path: '/dev/ttyUSB0', baudRate: 38400 } },
        antennas: { 1: 'READ_POINT' },
      },
      {
        id: 'llrp-3',
        profile: 'impinj/llrp',
        link: { tcp: { host: '10.0.0.5', port: 5084 } },
        antennas: { 1: 'READ_POINT' },
      },
      {
        id: 'llrp-4',
        profile: 'generic/llrp',
        link: { tcp: { host: '10.0.0.6', port: 5085, tls: { verify: false } } },
        antennas: { 1: 'READ_POINT' },
      },
    ],
  });
  expect(yamlOf([])).toBe('');
});
