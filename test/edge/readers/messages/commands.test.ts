import { describe, expect, test } from 'vitest';
import { createMessageSimulator } from '../../../../src/simulators/message-simulator.ts';
import { E1, E2, scene, simulatedScene, tags } from './scene.ts';

const namesOf = (asked: readonly Record<string, unknown>[]) => asked.map(({ command }) => command);
describe('a fixed Zebra reader over its command topics', () => {
  test('says what it is', async () => {
    const { reader, settled } = simulatedScene('zebra/iot-connector');
    expect(await settled(reader.command({ command: 'identify' }))).toMatchObject({
      outcome: 'done',
      fields: { model: 'FX7500', serial: 'SIMULATED-1', firmware: '1.0.0', region: 'Taiwan', standard: 'NCC' },
    });
  });

  test('stops and starts, and each question has an id of its own', async () => {
    const { reader, settled, reads, clock, asked } = simulatedScene('zebra/iot-connector');
    expect((await settled(reader.command({ command: 'stop' }))).outcome).toBe('done');
    const before = reads.length;
    await clock.advance(1_000);
    expect(reads).toHaveLength(before);
    expect((await settled(reader.command({ command: 'start' }))).outcome).toBe('done');
    await clock.advance(1_000);
    expect(reads.length).toBeGreaterThan(before);
    expect(namesOf(asked())).toEqual(['stop', 'start']);
    expect(new Set(asked().map((message) => message['command_id'])).size).toBe(2);
  });

  test('keeps all of its mode but what is set, rests while it is set, and reads on afterwards', async () => {
    const { reader, settled, device, asked } = simulatedScene('zebra/iot-connector');
    const settings = { power: 21.5, antennas: [2], session: 2 };
    const result = await settled(reader.command({ command: 'configure', settings }));
    expect(result).toMatchObject({ outcome: 'done', error: null });
    expect(device.mode()).toEqual({
      type: 'INVENTORY',
      antennas: [2],
      transmitPower: 21.5,
      tagMetaData: ['ANTENNA', 'RSSI', 'SEEN_COUNT'],
      environment: 'AUTO_DETECT',
      query: { sel: 'ALL', session: 'S2', target: 'A' },
    });
    expect(namesOf(asked())).toEqual(['get_mode', 'get_region', 'get_status', 'stop', 'set_mode', 'get_mode', 'start']);
  });

  test('is left alone when everything is so already', async () => {
    const { reader, settled, asked } = simulatedScene('zebra/iot-connector');
    const result = await settled(reader.command({ command: 'configure', settings: { power: 27, antennas: [1, 2] } }));
    expect([result.outcome, namesOf(asked())]).toEqual(['done', ['get_mode']]);
  });

  test('a filter takes the place of a query, which it cannot have beside it', async () => {
    const { reader, settled, device } = simulatedScene('zebra/iot-connector');
    await settled(reader.command({ command: 'configure', settings: { session: 1 } }));
    const filter = { bank: 'epc', bit: 32, mask: 'E280' } as const;
    expect((await settled(reader.command({ command: 'configure', settings: { filter } }))).outcome).toBe('done');
    expect(device.mode()).toMatchObject({ filter: { value: 'e280', match: 'prefix', operation: 'include' } });
    expect(device.mode()['query']).toBeUndefined();
  });

  test('powers that differ by port stay with their ports when other ports are chosen', async () => {
    const { reader, settled, device, clock } = simulatedScene('zebra/iot-connector', {
      config: { power: 25, antennaPower: { '2': 18.5 } },
    });
    await clock.advance(5_000);
    await settled(reader.command({ command: 'configure', settings: { antennas: [2, 3] } }));
    expect(device.mode()).toMatchObject({ antennas: [2, 3], transmitPower: [18.5, 18.5] });
    await settled(reader.command({ command: 'configure', settings: { antennas: [1, 2], power: 20 } }));
    expect(device.mode()).toMatchObject({ antennas: [1, 2], transmitPower: 20 });
  });

  test.each([
    [{ power: 36.5 }, /0 to 36 dBm/],
    [{ power: 20.05 }, /steps of 0.1/],
    [{ antennas: [1, 17] }, /ports 1 to 16/],
    [{ q: 4 }, /chooses Q itself/],
    [{ region: 'EU' }, /own page/],
    [{ filter: { bank: 'tid', bit: 0, mask: 'E2' } }, /beginning of the EPC/],
    [{ filter: { bank: 'epc', bit: 32, mask: 'E2' }, session: 1 }, /cannot have both/],
  ] as const)('%j is refused before anything is sent', async (settings, said) => {
    const { reader, settled, asked } = simulatedScene('zebra/iot-connector');
    const result = await settled(reader.command({ command: 'configure', settings: settings as never }));
    expect(result).toMatchObject({ outcome: 'refused', error: 'parameter', message: expect.stringMatching(said) });
    expect(asked()).toEqual([]);
  });

  test('a power above what its region allows is never sent', async () => {
    const { reader, settled, asked } = simulatedScene('zebra/iot-connector');
    const result = await settled(reader.command({ command: 'configure', settings: { power: 33 } }));
    expect([result.outcome, result.error, namesOf(asked())]).toEqual([
      'failed',
      'parameter',
      ['get_mode', 'get_region'],
    ]);
  });

  test('commands go out with QoS 0, so that no broker keeps one for a reader that comes back hours later', async () => {
    const { reader, settled, broker } = simulatedScene('zebra/iot-connector');
    await settled(reader.command({ command: 'identify' }));
    const questions = broker.sent.filter(({ topic }) => topic === 'r/cmd');
    expect(questions.map(({ qos }) => qos)).toEqual([0, 0]);
  });

  test('management commands have their own topics where the configuration names some', async () => {
    const link = {
      mqtt: {
        topic: 'r/data',
        commandTopic: 'r/cmd',
        responseTopic: 'r/rsp',
        managementTopic: 'm/cmd',
        managementResponseTopic: 'm/rsp',
      },
    };
    const { reader, settled, broker } = scene('zebra/iot-connector', { simulated: false, config: { link } });
    const asking = reader.command({ command: 'identify' });
    for (let i = 0; i < 2; i++) {
      await settled(Promise.resolve());
      const { command, command_id } = JSON.parse(broker.sent.filter(({ topic }) => topic === 'm/cmd')[i]?.text ?? '{}');
      broker.deliver(
        'm/rsp',
        JSON.stringify({ command, command_id, response: 'success', payload: { serialNumber: 'X' } }),
      );
    }
    expect((await settled(asking)).fields).toEqual({ serial: 'X' });
  });
});

describe('answers', () => {
  test('that do not come are a timeout, and what was asked may have happened', async () => {
    const { reader, settled } = scene('zebra/iot-connector', { simulated: false });
    expect(await settled(reader.command({ command: 'start' }))).toMatchObject({ outcome: 'unsure', error: 'timeout' });
    expect(await settled(reader.command({ command: 'identify' }))).toMatchObject({
      outcome: 'failed',
      error: 'timeout',
    });
  });

  test('to another question, late ones, and ones without an id are nobody’s', async () => {
    const { reader, settled, broker, asked } = scene('zebra/iot-connector', { simulated: false });
    const asking = reader.command({ command: 'stop' });
    await settled(Promise.resolve());
    const id = String(asked()[0]?.['command_id']);
    const say = (more: object) =>
      broker.deliver('r/rsp', JSON.stringify({ command: 'stop', response: 'success', ...more }));
    say({ command_id: `${id}0` });
    say({ command_id: 'sg-0-1' });
    say({});
    expect((await settled(asking)).error).toBe('timeout');
    say({ command_id: id });
    const again = reader.command({ command: 'stop' });
    await settled(Promise.resolve());
    say({ command_id: String(asked()[1]?.['command_id']) });
    expect((await settled(again)).outcome).toBe('done');
  });

  test('that refuse are failures, in the reader’s own words where it has a code', async () => {
    const { reader, settled, broker, asked } = scene('zebra/rfd40', { simulated: false });
    const asking = reader.command({ command: 'start' });
    await settled(Promise.resolve());
    const requestId = asked()[0]?.['requestId'];
    broker.deliver(
      'r/rsp',
      JSON.stringify({ command: 'control_operation', requestId, response: { code: 2, description: 'x' } }),
    );
    expect(await settled(asking)).toMatchObject({ outcome: 'failed', error: 'parameter' });
  });

  test('without a broker nothing is asked', async () => {
    const { reader, settled, broker, asked } = simulatedScene('zebra/iot-connector');
    broker.sever(true);
    expect(await settled(reader.command({ command: 'start' }))).toMatchObject({ outcome: 'refused', error: 'offline' });
    broker.sever(false);
    expect(await settled(reader.command({ command: 'start' }))).toMatchObject({ outcome: 'done' });
    expect(namesOf(asked())).toEqual(['start']);
  });

  test('are not waited for from a reader that said goodbye', async () => {
    const { reader, settled, device, asked } = simulatedScene('zebra/rfd40');
    device.away(true);
    await settled(Promise.resolve());
    expect(await settled(reader.command({ command: 'start' }))).toMatchObject({ outcome: 'refused', error: 'offline' });
    expect(asked()).toEqual([]);
  });
});

describe('a handheld with the envelope of its own', () => {
  test('says what it is, and takes what is so already as done', async () => {
    const { reader, settled } = simulatedScene('zebra/rfd40');
    expect((await settled(reader.command({ command: 'identify' }))).fields).toMatchObject({
      model: 'RFD40',
      region: 'Taiwan',
    });
    for (const command of ['start', 'stop', 'stop', 'start', 'start'] as const) {
      expect((await settled(reader.command({ command }))).outcome).toBe('done');
    }
  });

  test('is set in tenths of dBm, in the profile in which it can be set, after it was stopped', async () => {
    const { reader, settled, device } = simulatedScene('zebra/rfd40');
    expect(
      await settled(reader.command({ command: 'configure', settings: { power: 21.5, session: 2 } })),
    ).toMatchObject({ outcome: 'done' });
    expect(device.mode()).toEqual({
      profiles: 'ADVANCED',
      advancedConfigurations: { transmitPower: 215, linkProfile: 'M4_256K', session: 'SESSION_2', dynamicPower: false },
    });
    await settled(reader.command({ command: 'configure', settings: { power: 20 } }));
    expect(device.mode()).toMatchObject({ advancedConfigurations: { transmitPower: 200, session: 'SESSION_2' } });
  });

  test('has no access to tags that its makers’ readers were seen to carry out', async () => {
    const { reader, settled } = simulatedScene('zebra/rfd40');
    const result = await settled(reader.command({ command: 'writeEpc', tag: { epc: E1 }, epc: E2 }));
    expect(result).toMatchObject({ outcome: 'refused', error: 'unsupported' });
  });
});

describe('what the configuration asks for', () => {
  test('is set as soon as the reader can be asked, and again when it was away', async () => {
    const config = { power: 20, session: 2, antennas: { '1': 'here' } };
    const { device, clock, reader } = simulatedScene('zebra/rfd40', { config });
    await clock.advance(5_000);
    expect(device.mode()).toMatchObject({ advancedConfigurations: { transmitPower: 200, session: 'SESSION_2' } });
    expect(reader.status().lastEvent).toBe('set up as configured');
    device.away(true);
    await clock.advance(5_000);
    device.restart?.();
    expect(device.mode()).toEqual({ profiles: 'BALANCED_PERFORMANCE' });
    device.away(false);
    await clock.advance(10_000);
    expect(device.mode()).toMatchObject({ advancedConfigurations: { transmitPower: 200 } });
  });

  test('is set as soon as a reader that was not there says its first word', async () => {
    const { broker, clock, profile, reader } = scene('zebra/iot-connector', {
      simulated: false,
      config: { power: 20 },
    });
    await clock.advance(10_000);
    expect(reader.status().session.state).toBe('failed');
    const outlet = { channel: broker.channel, topic: 'r/data', commandTopic: 'r/cmd', responseTopic: 'r/rsp' };
    const device = createMessageSimulator(profile, { tags, rate: 20, clock, random: () => 0.5 }, outlet);
    await clock.advance(3_000);
    expect([device.mode()['transmitPower'], reader.status().session.state]).toEqual([20, 'running']);
  });

  test('may differ by port', async () => {
    const config = { power: 25, antennaPower: { '2': 18.5 } };
    const { device, clock } = simulatedScene('zebra/iot-connector', { config });
    await clock.advance(5_000);
    expect(device.mode()).toMatchObject({ antennas: [1, 2], transmitPower: [25, 18.5] });
  });

  test('that the reader refuses is a finding, and is tried again after a minute', async () => {
    const { device, clock, reader, asked } = simulatedScene('zebra/iot-connector', { config: { power: 33 } });
    await clock.advance(5_000);
    expect(reader.status().session).toMatchObject({
      state: 'failed',
      problem: expect.stringContaining('could not be set up'),
    });
    const before = asked().length;
    await clock.advance(55_000);
    expect(asked()).toHaveLength(before);
    await clock.advance(10_000);
    expect(asked().length).toBeGreaterThan(before);
    expect(device.mode()).toMatchObject({ transmitPower: 27 });
  });
});
