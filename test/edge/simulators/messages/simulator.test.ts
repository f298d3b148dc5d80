import { describe, expect, test } from 'vitest';
import type { MessageProfile } from '../../../../src/protocols/vocabulary/message-profile.ts';
import { createMessageSimulator } from '../../../../src/simulators/message-simulator.ts';
import { manualClock } from '../../../fakes/manual-clock.ts';
import { E1, memoryBroker, profiles, scene, simulatedScene, tags } from '../../readers/messages/scene.ts';

const messageProfiles = profiles
  .all()
  .filter((profile): profile is MessageProfile => profile.kind === 'messages')
  .map((profile) => ({ id: profile.id, profile }));

describe.each(messageProfiles)('the simulated $id', ({ id }) => {
  test('is read by its own profile: each tag, antenna and RSSI, and nothing is rejected', async () => {
    const { reads, reader, clock, profile } = simulatedScene(id, { behaviour: { rate: 100 } });
    await clock.advance(10_000);
    expect(reads.length).toBeGreaterThan(900);
    const handheld = profile.antennas === 1;
    const seen = new Set(reads.map(({ epc, antenna, pc }) => `${epc} ${antenna} ${pc ?? '3000'}`));
    expect(seen).toEqual(new Set(tags.map(({ epc, antenna }) => `${epc} ${handheld ? null : antenna} 3000`)));
    expect(reads.every(({ rssi }) => rssi !== null && rssi <= -48 && rssi >= -62)).toBe(true);
    expect(reader.status()).toMatchObject({ rejected: {}, warnings: {}, missing: 0 });
  });

  test('says nothing while it hangs, and reads on when it does no more', async () => {
    const { reads, clock, device } = simulatedScene(id);
    await clock.advance(1_000);
    device.setSilent(true);
    const before = reads.length;
    await clock.advance(5_000);
    expect(reads).toHaveLength(before);
    device.setSilent(false);
    await clock.advance(1_000);
    expect(reads.length).toBeGreaterThan(before);
  });

  test('a byte lost from a message costs at most that message, and never makes another tag of it', async () => {
    let turn = 0;
    const random = () => {
      turn += 1;
      return (turn % 97) / 97;
    };
    const behaviour = { rate: 100, random, noise: { drop: 0.3 } };
    const { reads, reader, clock, device } = simulatedScene(id, { behaviour });
    await clock.advance(10_000);
    const { reports } = device.counts();
    expect(reads.length).toBeGreaterThan(reports / 2);
    expect(reads.length).toBeLessThan(reports);
    expect(Object.keys(reader.status().rejected).length).toBeGreaterThan(0);
    const genuine = tags.map(({ epc }) => epc);
    expect(reads.filter(({ epc, idType }) => idType === 'epc' && !genuine.includes(epc))).toEqual([]);
  });
});

describe('an outage of the network', () => {
  test('an Impinj reader’s will shows at once; what it kept comes at 500 a second with the time it was read', async () => {
    const { reads, reader, clock, device } = simulatedScene('impinj/r700', { behaviour: { rate: 200 } });
    await clock.advance(1_000);
    expect(reader.status()).toMatchObject({ online: true, reachable: true });
    const goneAt = clock.now();
    const before = reads.length;
    device.away(true);
    await clock.advance(10_000);
    expect(reader.status()).toMatchObject({ online: false, reachable: false });
    expect(reads).toHaveLength(before);
    device.away(false);
    await clock.advance(1_000);
    const late = reads.slice(before).filter(({ at }) => at <= goneAt + 10_000);
    expect(late.length).toBeGreaterThan(400);
    expect(late.length).toBeLessThan(600);
    expect(late.every(({ at, receivedAt }) => receivedAt > goneAt + 10_000 && at > goneAt)).toBe(true);
    await clock.advance(5_000);
    expect(reads.slice(before).filter(({ at }) => at <= goneAt + 10_000)).toHaveLength(2_000);
    expect(reader.status()).toMatchObject({ online: true, warnings: {} });
  });

  test('a full buffer is told as an overflow by Impinj, and as dropped messages by Zebra’s heartbeat', async () => {
    for (const [id, warning] of [
      ['impinj/r700', 'READER_OVERFLOW'],
      ['zebra/iot-connector', 'READER_DROPPED'],
    ] as const) {
      const clock = manualClock();
      const broker = memoryBroker(clock);
      const profile = profiles.get(id) as MessageProfile;
      const small = { ...profile, simulate: { ...profile.simulate, buffer: 50 } };
      const { reader } = sceneOn(id, clock, broker);
      const outlet = { channel: broker.channel, topic: 'r/data', statusTopic: 'r/status' };
      const device = createMessageSimulator(small, { tags, rate: 20, clock, random: () => 0.5 }, outlet);
      device.away(true);
      await clock.advance(5_000);
      device.away(false);
      await clock.advance(15_000);
      expect(reader.status().warnings).toEqual({ [warning]: 50 });
    }
  });

  test('a handheld’s birth and will are its own messages', async () => {
    const { reader, clock, device } = simulatedScene('zebra/rfd40');
    await clock.advance(500);
    expect(reader.status().online).toBe(true);
    device.away(true);
    await clock.advance(500);
    expect(reader.status()).toMatchObject({ online: false, lastEvent: expect.stringContaining('DISCONNECTED') });
  });

  test('a fixed Zebra reader has no will: three missed heartbeats say that it is gone, one brings it back', async () => {
    const { reader, clock, device } = simulatedScene('zebra/iot-connector');
    await clock.advance(45_000);
    expect(reader.status().reachable).toBe(true);
    device.setSilent(true);
    await clock.advance(25_000);
    expect(reader.status().reachable).toBe(true);
    await clock.advance(10_000);
    expect(reader.status()).toMatchObject({
      reachable: false,
      findings: [expect.objectContaining({ code: 'READER_SILENT' })],
    });
    device.setSilent(false);
    await clock.advance(11_000);
    expect(reader.status().reachable).toBe(true);
  });

  test('while the broker is away nobody counts missed heartbeats', async () => {
    const { reader, clock, broker } = simulatedScene('zebra/iot-connector');
    await clock.advance(45_000);
    broker.sever(true);
    await clock.advance(120_000);
    expect(reader.status().findings.map(({ code }) => code)).not.toContain('READER_SILENT');
  });

  test('a retained will is seen by a gateway that starts later', () => {
    const { reader, broker } = scene('zebra/rfd40', { simulated: false });
    broker.deliver('r/status', JSON.stringify({ connectionState: 'DISCONNECTED', deviceModel: 'RFD40' }), true);
    expect(reader.status()).toMatchObject({ online: false, reachable: false });
  });
});

describe('a reader’s clock', () => {
  test('that is an hour behind is kept for its reads and told as an offset', async () => {
    const { reads, reader, clock, device } = skewedScene(-3_600_000);
    await clock.advance(5_000);
    expect(device.counts().reports).toBeGreaterThan(50);
    expect(reads.every(({ at, receivedAt }) => receivedAt - at >= 3_600_000)).toBe(true);
    expect(reader.status().clockOffsetMs).toBe(-3_600_000);
  });

  test('that is an hour ahead is not believed, and counted', async () => {
    const { reads, reader, clock } = skewedScene(3_600_000);
    await clock.advance(5_000);
    expect(reads.every(({ at, receivedAt }) => at === receivedAt)).toBe(true);
    expect(reader.status().warnings['CLOCK_SKEW']).toBe(reads.length);
  });
});

function skewedScene(ms: number) {
  const clock = manualClock();
  const broker = memoryBroker(clock);
  const profile = profiles.get('impinj/r700') as MessageProfile;
  const { reader, reads } = sceneOn('impinj/r700', clock, broker);
  const skewed = { ...clock, now: () => clock.now() + ms };
  const outlet = { channel: broker.channel, topic: 'r/data', statusTopic: 'r/status' };
  const device = createMessageSimulator(profile, { tags, rate: 20, clock: skewed, random: () => 0.5 }, outlet);
  return { clock, device, reader, reads };
}

function sceneOn(id: string, clock: ReturnType<typeof manualClock>, broker: ReturnType<typeof memoryBroker>) {
  return scene(id, { simulated: false, on: { clock, broker } });
}

test('a rewritten tag is reported under its new EPC', async () => {
  const { reads, clock, device } = simulatedScene('zebra/iot-connector');
  device.memoryOf(E1)?.write('epc', 2, 'AAAA', null);
  await clock.advance(1_000);
  expect(reads.map(({ epc }) => epc)).toContain(`AAAA${E1.slice(4)}`);
});
