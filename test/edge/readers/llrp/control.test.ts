import { describe, expect, test } from 'vitest';
import { messageTypes } from '../../../../src/protocols/llrp/message.ts';
import { OUR_ROSPEC } from '../../../../src/readers/llrp/requests.ts';
import { running, tags } from './scene.ts';

const [first] = tags.map(({ epc }) => epc) as [string];
const tag = { epc: first };
const other = '3034257BF7194E4000001A86';

describe('an LLRP reader on command', () => {
  test('tells who it is', async () => {
    const { ask } = await running({ profile: 'impinj/llrp' });
    expect(await ask({ command: 'identify' })).toMatchObject({
      outcome: 'done',
      fields: {
        maker: 'Impinj',
        model: 'Speedway R420',
        serial: '370-17-46-0001',
        firmware: '5.14.0.240',
        mac: '001625FFFE121A54',
        region: 'US',
        country: 840,
        antennas: 4,
        minDbm: 10,
        maxDbm: 30,
        protocol: 'LLRP 1.0.1',
      },
    });
    const plain = await running();
    expect((await plain.ask({ command: 'identify' })).fields).toMatchObject({ protocol: 'LLRP 1.1', region: 'US' });
  });

  test('stops and starts, and stays as it was told through a lost connection', async () => {
    const { ask, reads, clock, line, reader, device } = await running();
    expect(await ask({ command: 'stop' })).toMatchObject({ outcome: 'done' });
    const before = reads.length;
    line.unplug();
    line.plug();
    await clock.advance(60_000);
    expect(reads).toHaveLength(before);
    expect(reader.status()).toMatchObject({ lastEvent: 'inventory stopped on request', online: true });
    expect(await ask({ command: 'start' })).toMatchObject({ outcome: 'done' });
    await clock.advance(1_000);
    expect(reads.length).toBeGreaterThan(before);
    expect(device.roSpecs()).toEqual([OUR_ROSPEC]);
    expect(await ask({ command: 'start' })).toMatchObject({ outcome: 'done' });
  });

  test('is configured while it runs, and still after a lost connection', async () => {
    const { ask, device, clock, line } = await running();
    const settings = {
      power: 20.1,
      antennas: [2, 3],
      session: 1,
      q: 6,
      region: 'US',
      filter: { bank: 'epc', bit: 32, mask: 'E280' },
    } as const;
    expect(
      await ask({ command: 'configure', settings: { ...settings, antennas: [...settings.antennas] } }),
    ).toMatchObject({ outcome: 'done' });
    const expected = { dbm: 20, session: 1, population: 64, filters: [{ name: 'C1G2Filter' }] };
    expect([1, 2, 3].map((port) => device.settingsOf(port))).toMatchObject([null, expected, expected] as never);
    line.unplug();
    line.plug();
    await clock.advance(1_000);
    expect(device.settingsOf(3)).toMatchObject(expected);
  });

  test('keeps what the reader has of session and population where only the other is set', async () => {
    const { ask, device } = await running();
    await ask({ command: 'configure', settings: { q: 4 } });
    expect(device.settingsOf(1)).toMatchObject({ session: 2, population: 16, dbm: null });
  });

  test('is heard no further than its power reaches', async () => {
    const { ask, clock, reads } = await running({ tags: [{ epc: first, antenna: 1, rssi: -70 }] });
    await ask({ command: 'configure', settings: { power: 20 } });
    expect(reads[0]?.rssi).toBe(-70);
    await clock.advance(100);
    expect(reads.at(-1)?.rssi).toBe(-80);
    await ask({ command: 'configure', settings: { power: 10 } });
    const before = reads.length;
    await clock.advance(5_000);
    expect(reads).toHaveLength(before);
  });

  test.each([
    [{ power: 31 }, 'The reader can send with 10 to 30 dBm, not 31.'],
    [{ antennas: [5] }, 'The reader has 4 antenna ports: there is no port 5.'],
    [{ region: 'EU' }, 'The reader is set to region US, not EU: LLRP cannot change it.'],
  ])('refuses %j before anything is sent', async (settings, message) => {
    const { ask, sent } = await running();
    const before = sent().length;
    expect(await ask({ command: 'configure', settings })).toMatchObject({
      outcome: 'refused',
      error: 'parameter',
      message,
    });
    expect(sent()).toHaveLength(before);
  });

  test('goes on as before when the reader itself refuses a setting', async () => {
    const { ask, device, clock, reads, sent } = await running();
    const adds = () => sent().filter((type) => type === messageTypes.ADD_ROSPEC).length;
    const before = adds();
    device.setFaults({
      get refuse() {
        return adds() === before + 1 ? ('ADD_ROSPEC' as const) : undefined;
      },
    });
    expect(await ask({ command: 'configure', settings: { power: 15 } })).toMatchObject({
      outcome: 'failed',
      error: 'parameter',
    });
    expect(device.settingsOf(1)?.dbm).toBeNull();
    const sofar = reads.length;
    await clock.advance(1_000);
    expect(reads.length).toBeGreaterThan(sofar);
  });

  test('that was refused for its configuration can be asked who it is and set right, and nothing out of limits is sent', async () => {
    const { ask, sent, device, reads, clock } = await running({ config: { power: 33 } });
    expect(await ask({ command: 'identify' })).toMatchObject({ outcome: 'done', fields: { maxDbm: 30 } });
    expect((await ask({ command: 'start' })).outcome).toBe('failed');
    expect((await ask({ command: 'readMemory', tag, bank: 'tid', word: 0, words: 2 })).outcome).toBe('failed');
    expect(sent()).not.toContain(messageTypes.ADD_ROSPEC);
    expect(await ask({ command: 'configure', settings: { power: 30 } })).toMatchObject({ outcome: 'done' });
    expect(device.settingsOf(1)?.dbm).toBe(30);
    await clock.advance(1_000);
    expect(reads.length).toBeGreaterThan(0);
  });

  test('is refused while there is no connection', async () => {
    const { ask, line } = await running();
    line.unplug();
    expect(await ask({ command: 'identify' })).toMatchObject({ outcome: 'refused', error: 'offline' });
    expect(await ask({ command: 'writeEpc', tag, epc: other })).toMatchObject({ outcome: 'refused', error: 'offline' });
  });
});
