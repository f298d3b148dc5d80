import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GatewayError, silentLog } from '../../../src/kit/index.ts';
import type { LinkMessage } from '../../../src/links/index.ts';
import { loadProfiles } from '../../../src/profiles/index.ts';
import { openReader, type ReaderOptions } from '../../../src/readers/index.ts';
import { createSupervision } from '../../../src/supervision/supervise.ts';
import { readsOf, type TagRead } from '../../../src/tags/index.ts';
import { manualClock } from '../../fakes/manual-clock.ts';

const profiles = loadProfiles([join(import.meta.dirname, '../../../firmware-profiles')]);

/** A reader on a channel that the test publishes on by hand. */
function scene(profileId: string, more: Partial<ReaderOptions> = {}, onReads?: (reads: TagRead[]) => void) {
  const clock = manualClock();
  const handlers = new Map<string, (message: LinkMessage) => Promise<void>>();
  const reads: TagRead[] = [];
  const redeliveries: boolean[] = [];
  const mqtt = {
    subscribe: (filter: string, handler: (message: LinkMessage) => Promise<void>) => void handlers.set(filter, handler),
    publish: () => Promise.resolve(),
    state: () => ({ state: 'open', since: 0, error: null, fault: null }) as const,
  };
  const reader = openReader({
    supervise: createSupervision,
    config: {
      id: 'dock-1',
      profile: profileId,
      link: { mqtt: { topic: 'read', statusTopic: 'status' } },
      antennas: { '1': 'dock' },
      ...more,
    },
    profile: profiles.get(profileId),
    mqtt,
    clock,
    log: silentLog,
    random: Math.random,
    onReads: async (batch, redelivered) => {
      onReads?.(readsOf(batch));
      reads.push(...readsOf(batch));
      redeliveries.push(redelivered);
    },
  });
  reader.start();
  const send = async (payload: unknown, { topic = 'read', ...flags }: Partial<LinkMessage> = {}) => {
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
    const message = {
      topic,
      payload: Buffer.from(text),
      redelivered: false,
      retained: false,
      at: clock.now(),
      ...flags,
    };
    await handlers.get(topic)?.(message);
  };
  return { clock, reader, reads, redeliveries, send };
}

const zebra = (data: object, timestamp: string) => ({
  type: 'SIMPLE',
  timestamp,
  data: { idHex: 'e28011606000020934d6faf7', ...data },
});
const iso = (ms: number) => new Date(ms).toISOString().replace('Z', '+0000');

test('the reader id comes from the configuration, never from the payload', async () => {
  const { reads, send } = scene('zebra/iot-connector');
  await send({ ...zebra({ MAC: 'evil', hostName: 'evil' }, '2026-11-21T08:59:00.000+0000'), reader: 'evil' });
  expect(reads.map(({ reader }) => reader)).toEqual(['dock-1']);
});

test('a late read keeps the reader’s time', async () => {
  const { clock, reads, send } = scene('zebra/iot-connector');
  const hourAgo = clock.now() - 3_600_000;
  await send(zebra({}, iso(hourAgo)));
  expect(reads[0]).toMatchObject({ at: hourAgo, receivedAt: clock.now() });
});

test.each([
  ['1970, a clock never set', () => Date.parse('1970-01-01T00:03:20Z')],
  ['more than five seconds ahead', (now: number) => now + 5_001],
])('a reader time of %s is not believed, and counted', async (_name, timeOf) => {
  const { clock, reader, reads, send } = scene('zebra/iot-connector');
  await send(zebra({}, iso(timeOf(clock.now()))));
  expect(reads[0]?.at).toBe(clock.now());
  expect(reader.status().warnings).toEqual({ CLOCK_SKEW: 1 });
});

test('a reader time five seconds ahead is believed', async () => {
  const { clock, reader, reads, send } = scene('zebra/iot-connector');
  await send(zebra({}, iso(clock.now() + 5_000)));
  expect(reads[0]?.at).toBe(clock.now() + 5_000);
  expect(reader.status()).toMatchObject({ warnings: {}, clockOffsetMs: 5_000 });
});

test('the clock offset is the median of the newest reads, so that one odd time does not show', async () => {
  const { clock, reader, send } = scene('zebra/iot-connector');
  for (const offset of [-200, -210, -190, -3_600_000, -205]) await send(zebra({}, iso(clock.now() + offset)));
  expect(reader.status().clockOffsetMs).toBe(-205);
});

test('a read without a time, or with one that cannot be read, is given the time of receipt', async () => {
  const { clock, reader, reads, send } = scene('zebra/iot-connector');
  await send({ type: 'SIMPLE', data: { idHex: 'aabb' } });
  await send(zebra({}, 'yesterday'));
  expect(reads.map(({ at }) => at)).toEqual([clock.now(), clock.now()]);
  expect(reader.status()).toMatchObject({ clockOffsetMs: null, warnings: { TIME_UNPARSED: 1 } });
});

test('what the broker kept from before is no read, and counted', async () => {
  const { reader, reads, send } = scene('zebra/iot-connector');
  await send(zebra({}, '2026-11-21T08:59:00Z'), { retained: true });
  expect(reads).toEqual([]);
  expect(reader.status().rejected).toEqual({ RETAINED: 1 });
});

test('when the store fails the rejection passes on and nothing is counted until the message comes again', async () => {
  let fails = 2;
  const { reader, reads, redeliveries, send } = scene('zebra/iot-connector', {}, () => {
    if (fails-- > 0) throw new GatewayError('STORE_FULL', 'disk full');
  });
  const batch = [zebra({}, '2026-11-21T08:59:00Z'), null, zebra({ idHex: 'nothex' }, 'x')];
  await expect(send(batch)).rejects.toThrow(GatewayError);
  await expect(send(batch, { redelivered: true })).rejects.toThrow(GatewayError);
  expect(reader.status()).toMatchObject({ reads: 0, rejected: {}, warnings: {} });
  await send(batch, { redelivered: true });
  expect(reader.status()).toMatchObject({ reads: 1, rejected: { NOT_OBJECT: 1, BAD_EPC_HEX: 1 } });
  expect([reads.length, redeliveries]).toEqual([1, [true]]);
});

test('a stopped reader takes no message, so that the broker keeps it for the next gateway', async () => {
  const { reader, reads, send } = scene('zebra/iot-connector');
  await reader.stop();
  await expect(send(zebra({}, '2026-11-21T08:59:00Z'))).rejects.toThrow(GatewayError);
  expect(reads).toEqual([]);
});

test('a payload with a hundred thousand damaged members is counted whole and sampled ten times', async () => {
  const { reader, send } = scene('zebra/iot-connector');
  await send(Array.from({ length: 100_000 }, () => null));
  expect(reader.status()).toMatchObject({ rejected: { NOT_OBJECT: 100_000 } });
  expect(reader.status().samples).toHaveLength(10);
});

test('events, status and losses inside the reader are shown, not skipped', async () => {
  const { reader, send } = scene('impinj/r700');
  await send('connected', { topic: 'status' });
  expect(reader.status()).toMatchObject({ online: true, lastEvent: expect.stringContaining('online') });
  await send({ timestamp: '2025-03-01T09:00:00Z', overflowEvent: { eventsPurged: 25_000, eventsRemaining: 1_000 } });
  expect(reader.status()).toMatchObject({
    lastEvent: expect.stringContaining('overflow'),
    warnings: { READER_OVERFLOW: 25_000 },
  });
  await send('', { topic: 'status' });
  expect(reader.status().online).toBe(false);
});

test('dropped messages of a Zebra heartbeat are counted by their growth, wherever the firmware puts the number', async () => {
  const { reader, send } = scene('zebra/iot-connector');
  const beat = (data: object) =>
    send({ type: 'heartbeat', component: 'RG', timestamp: '2026-11-21T08:59:00.000+0000', data });
  await beat({ reader_gateway: { numDataMessagesDropped: 3 } });
  await beat({ reader_gateway: { numDataMessagesDropped: 3 } });
  await beat({ reader_gateway: { dataPathStatistics: [{ numDataMessagesDropped: 5 }] } });
  expect(reader.status()).toMatchObject({ online: true, warnings: { READER_DROPPED: 5 } });
});

test('a payload above sixteen mebibytes is one rejection, cut short in the samples, and a finding says size and limit', async () => {
  const { reader, send } = scene('generic/json');
  await send('x'.repeat(16 * 1024 * 1024 + 1));
  const { rejected, samples, findings } = reader.status();
  expect(rejected).toEqual({ TOO_LARGE: 1 });
  expect(samples[0]?.hex.length).toBeLessThanOrEqual(192);
  expect(findings).toContainEqual(
    expect.objectContaining({
      code: 'READER_TOO_LARGE',
      params: { reader: 'dock-1', size: 16_777_217, limit: 16_777_216 },
    }),
  );
});

test('deep nesting and odd keys are no trouble', async () => {
  const { reader, send } = scene('generic/json');
  await send(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
  await send(`{"a":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`);
  await send('{"type":"heartbeat","constructor":{"name":"x"},"__proto__":{"epc":"AABB"}}');
  expect(reader.status().reads).toBe(0);
  expect(({} as Record<string, unknown>)['epc']).toBeUndefined();
});

test('a generic reader is mapped by its own configuration, antenna and all', async () => {
  const map = {
    id: [{ path: 'tag.code' }],
    antenna: [{ topicLevel: 2 }],
    time: [{ path: 'when', format: 's' as const }],
  };
  const { reads, send } = scene('generic/json', { map, link: { mqtt: { topic: 'gate/1' } } });
  await send({ tag: { code: '0x3034 257B-F7:19' }, when: '1758880800.5' }, { topic: 'gate/1' });
  expect(reads).toMatchObject([{ epc: '3034257BF719', antenna: 1, at: 1_758_880_800_500 }]);
});

test('antennas that no reader has do not make the status grow', async () => {
  const { reader, reads, send } = scene('zebra/iot-connector');
  for (const antenna of [0, -1, 1.5, 257, 1e9, '7']) await send(zebra({ antenna }, '2026-11-21T08:59:00Z'));
  expect(reads.map(({ antenna }) => antenna)).toEqual([null, null, null, null, null, 7]);
  expect(reader.status().warnings).toEqual({ ANTENNA_UNPARSED: 5 });
  expect(reader.status().antennas).toHaveLength(3);
});

test('a message reader without a broker is refused in plain words', () => {
  const config = { id: 'a', profile: 'impinj/r700', link: { mqtt: { topic: 't' } }, antennas: { '1': 'p' } };
  const deps = {
    profile: profiles.get('impinj/r700'),
    mqtt: null,
    clock: manualClock(),
    log: silentLog,
    random: Math.random,
    onReads: async () => undefined,
  };
  expect(() => openReader({ supervise: createSupervision, config, ...deps })).toThrow(/mqtt section/);
});
