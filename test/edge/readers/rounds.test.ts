import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { silentLog } from '../../../src/kit/index.ts';
import type { LinkMessage } from '../../../src/links/index.ts';
import { loadProfiles } from '../../../src/profiles/index.ts';
import { checkProfile } from '../../../src/profiles/load.ts';
import { compileReport } from '../../../src/protocols/bytes/report.ts';
import { giveGroups } from '../../../src/protocols/lines/tag-line.ts';
import { openReader, type ReaderOptions } from '../../../src/readers/index.ts';
import { createSupervision } from '../../../src/supervision/supervise.ts';
import { readsOf, type TagRead } from '../../../src/tags/index.ts';
import { manualClock } from '../../fakes/manual-clock.ts';
import { readSink } from '../../fakes/sink.ts';

const folder = join(import.meta.dirname, '../../../firmware-profiles');
const profiles = loadProfiles([folder]);
const context = { reader: 'r1', antenna: 1, stamp: (_: number | null, receivedAt: number) => receivedAt };
const epc = '3034257BF7194E4000001A85';

/** How many reads, and whether a round, each report of these messages stands for. */
function told(profile: string, payloads: readonly unknown[], map?: ReaderOptions['map']) {
  const clock = manualClock();
  const reads: TagRead[] = [];
  let take: (message: LinkMessage) => void = () => undefined;
  const mqtt = {
    subscribe: (_filter: string, handler: (message: LinkMessage) => void) => {
      take = handler;
    },
    publish: () => Promise.resolve(),
    state: () => ({ state: 'open', since: 0, error: null, fault: null }) as const,
  };
  const config = { id: 'r1', profile, link: { mqtt: { topic: 't' } }, antennas: { '1': 'dock' }, ...(map && { map }) };
  const shared = { mqtt, clock, log: silentLog, random: () => 0.5 };
  openReader({
    supervise: createSupervision,
    config,
    profile: profiles.get(profile),
    ...shared,
    onReads: async (batch) => void reads.push(...readsOf(batch)),
  }).start();
  for (const payload of payloads) {
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
    take({ topic: 't', payload: Buffer.from(text), redelivered: false, retained: false, at: clock.now() });
  }
  return reads.map(({ count, round }) => ({ count, round }));
}

const zebra = (type: string, data: object = {}) => ({
  type,
  timestamp: '2026-11-30T09:00:00.000+0000',
  data: { idHex: epc, eventNum: 1, ...data },
});

describe('a Zebra report', () => {
  test.each(['INVENTORY', 'PORTAL', 'CONVEYOR'])(
    'of mode %s stands for a round, unless it says that it is one read',
    (type) => {
      const data = [{}, { reads: 25 }, { reads: 1 }];
      expect(
        told(
          'zebra/iot-connector',
          data.map((one) => zebra(type, one)),
        ),
      ).toEqual([
        { count: 1, round: true },
        { count: 25, round: true },
        { count: 1, round: false },
      ]);
    },
  );

  test.each(['SIMPLE', 'CUSTOM', 'DIRECTIONALITY'])('of mode %s is one read, or as many as it says', (type) => {
    expect(told('zebra/iot-connector', [zebra(type), zebra(type, { reads: 25 })])).toEqual([
      { count: 1, round: false },
      { count: 25, round: false },
    ]);
  });
});

test('a Chainway report stands for a round and hands on its count', () => {
  const tag = { epcHex: epc, rssi: -50, index: 1, antennaPort: 1 };
  const data = [tag, { ...tag, count: 4 }, { ...tag, count: 1 }];
  expect(told('chainway/ura4', [{ type: 'Reader-tagReportingEvent', data }])).toEqual([
    { count: 1, round: true },
    { count: 4, round: true },
    { count: 1, round: false },
  ]);
});

test('an Impinj report is one read: it says neither', () => {
  expect(told('impinj/r700', [{ tagInventoryEvent: { epcHex: epc, antennaPort: 1 } }])).toEqual([
    { count: 1, round: false },
  ]);
});

test.each(['count', 'reads', 'seenCount', 'readCount'])('generic/json takes the count that stands in %s', (key) => {
  expect(told('generic/json', [{ reads: [{ epc, [key]: 12 }] }])).toEqual([{ count: 12, round: false }]);
});

describe('a reader’s own map', () => {
  const id = [{ path: 'epc' }];

  test('says that every report stands for a round', () => {
    expect(told('generic/json', [{ epc }], { id, round: true })).toEqual([{ count: 1, round: true }]);
    const csv: ReaderOptions['map'] = { payload: 'csv', id: [{ column: 1 }], round: true };
    expect(told('generic/json', [`${epc},-50\n`], csv)).toEqual([{ count: 1, round: true }]);
  });

  test('says which reports do, by the member or by the message that holds it', () => {
    const map = { id, list: ['tags'], round: [{ path: 'once' }, { path: '/mode', in: ['batch'] }] };
    const messages = [
      { tags: [{ epc }, { epc, once: 1 }] },
      { mode: 'batch', tags: [{ epc }] },
      { mode: 'x', tags: [{ epc }] },
    ];
    expect(told('generic/json', messages, map).map(({ round }) => round)).toEqual([false, true, true, false]);
  });
});

describe('profiles of bytes and lines', () => {
  const pn532 = JSON.parse(readFileSync(join(folder, 'nxp/pn532.json'), 'utf8')) as { reports: object[] };

  test.each([
    [true, true],
    [false, false],
  ])('a frame stands for a round where its report says so (%s)', (round, expected) => {
    const profile = checkProfile(
      { ...pn532, reports: [{ match: {}, round, fields: [{ name: 'epc', type: 'hex' }] }] },
      'x',
    );
    const { sink, reads } = readSink();
    const [report] = profile.kind === 'bytes' ? profile.reports : [];
    if (report === undefined || profile.kind !== 'bytes') throw new Error('no report');
    compileReport(report, profile, context)(Buffer.alloc(0), Buffer.from(epc, 'hex'), 0, sink);
    expect(reads).toMatchObject([{ epc, count: 1, round: expected }]);
  });

  test('a line stands for a round where its pattern says so, unless it says that it is one read', () => {
    const roundOf = (groups: Record<string, string>, round: boolean) => {
      const { sink, reads } = readSink();
      return giveGroups(groups, { round }, 0, context, sink) ?? reads.flatMap((read) => [read.count, read.round]);
    };
    expect(roundOf({ epc }, true)).toEqual([1, true]);
    expect(roundOf({ epc, count: '7' }, true)).toEqual([7, true]);
    expect(roundOf({ epc, count: '1' }, true)).toEqual([1, false]);
    expect(roundOf({ epc, count: '7' }, false)).toEqual([7, false]);
  });

  test('card readers that type write each card once; a line with an EPC may be any read', () => {
    const pattern = (id: string) => {
      const profile = profiles.get(id);
      return profile.kind === 'lines' ? profile.patterns.map(({ round = false }) => round) : [];
    };
    expect(pattern('generic/line')).toEqual([false, true]);
    expect(pattern('generic/line-decimal')).toEqual([true, true, true]);
  });
});
