import { describe, expect, test } from 'vitest';
import { messageTypes } from '../../../../src/protocols/llrp/message.ts';
import { OUR_ROSPEC } from '../../../../src/readers/llrp/requests.ts';
import { channelKhz } from '../../../../src/simulators/llrp/simulated-words.ts';
import { scene, tags } from './scene.ts';

const typesOf = (...names: (keyof typeof messageTypes)[]) => names.map((name) => messageTypes[name]);

describe('the set-up of an LLRP reader', () => {
  test('goes through every step in order and ends in reads', async () => {
    const { clock, reader, reads, sent } = scene({ profile: 'impinj/llrp' });
    reader.start();
    await clock.advance(1_000);
    expect(sent()).toEqual(
      typesOf(
        'CUSTOM_MESSAGE',
        'GET_READER_CAPABILITIES',
        'GET_READER_CONFIG',
        'GET_ROSPECS',
        'GET_ACCESSSPECS',
        'SET_READER_CONFIG',
        'ADD_ROSPEC',
        'ENABLE_ROSPEC',
        'START_ROSPEC',
        'ENABLE_EVENTS_AND_REPORTS',
      ),
    );
    expect(reads.length).toBeGreaterThan(5);
    expect(new Set(reads.map(({ epc }) => epc))).toEqual(new Set(tags.map(({ epc }) => epc)));
    expect(reader.status()).toMatchObject({
      online: true,
      identity: 'Impinj Speedway R420, firmware 5.14.0.240, region US, 4 antennas',
      rejected: {},
      warnings: {},
      clockOffsetMs: 0,
    });
  });

  test('gives antenna, fine RSSI, phase, frequency by the hop table, and the reader’s time', async () => {
    const { clock, reader, reads } = scene({ profile: 'impinj/llrp' });
    reader.start();
    await clock.advance(1_000);
    const [first] = reads;
    expect(first).toMatchObject({ phaseDeg: 180, count: 1, antenna: 2, rssi: -60, frequencyKhz: channelKhz(1) });
    expect(first?.at).toBe(first?.receivedAt);
    expect(reads.map(({ frequencyKhz }) => frequencyKhz)).toContain(channelKhz(5));
    expect(reads.find(({ epc }) => epc.length === 32)?.pc).toBe('4000');
  });

  test('speaks LLRP 1.1 where the reader has it, and 1.0.1 where it has not', async () => {
    const modern = scene();
    modern.reader.start();
    await modern.clock.advance(1_000);
    expect(modern.line.written.at(-1)?.slice(0, 2)).toBe('08');
    expect(modern.reads.length).toBeGreaterThan(0);
    const old = scene();
    old.device.setFaults({ old: true });
    old.reader.start();
    await old.clock.advance(1_000);
    expect(old.line.written.at(-1)?.slice(0, 2)).toBe('04');
    expect(old.reads.length).toBeGreaterThan(0);
  });

  test('sets power and Gen2 session for each configured antenna', async () => {
    const { clock, reader, line, device } = scene({ config: { power: 20.1, session: 2 } });
    reader.start();
    await clock.advance(1_000);
    const add = line.written.find((hex) => hex.startsWith('0814') || hex.startsWith('0414')) ?? '';
    // 20.00 dBm is the highest level not above 20.1: index 41 of the table that begins at 10.00 in quarters.
    expect(add).toContain('00E0000A000100010029');
    expect(add).toContain('0150000B80002000000000');
    expect(add.split('00DE').length - 1).toBe(2);
    expect(device.roSpecs()).toEqual([OUR_ROSPEC]);
  });
});

describe('the settings of the configuration', () => {
  test('are all sent: power by port, session, Q and filter', async () => {
    const filter = { bank: 'epc', bit: 32, mask: '3034' } as const;
    const config = { power: 25, antennaPower: { '2': 18.5 }, session: 0, q: 7, filter };
    const { clock, reader, device, reads } = scene({ config });
    reader.start();
    await clock.advance(1_000);
    const shared = { session: 0, population: 128, filters: [{ name: 'C1G2Filter' }] };
    expect(device.settingsOf(1)).toMatchObject({ ...shared, dbm: 25 });
    expect(device.settingsOf(2)).toMatchObject({ ...shared, dbm: 18.5 });
    expect(new Set(reads.map(({ epc }) => epc))).toEqual(new Set(['3034257BF7194E4000001A85']));
  });

  test('that are left out are not sent', async () => {
    const { clock, reader, device } = scene();
    reader.start();
    await clock.advance(1_000);
    expect(device.settingsOf(1)).toEqual({ dbm: null, session: null, population: null, filters: [] });
  });

  test('may have a filter by TID', async () => {
    const { clock, reader, device, reads } = scene();
    reader.start();
    await clock.advance(1_000);
    const mask = device.memories()[1]?.tid ?? '';
    await reader.stop();
    const filtered = scene({ config: { filter: { bank: 'tid', bit: 0, mask } } });
    filtered.reader.start();
    await filtered.clock.advance(1_000);
    expect(reads.length).toBeGreaterThan(0);
    expect(new Set(filtered.reads.map(({ epc }) => epc))).toEqual(new Set([tags[1]?.epc]));
  });

  test('has a port’s own power refused as the common one is', async () => {
    const { clock, reader, sent } = scene({ config: { power: 20, antennaPower: { '2': 33 } } });
    reader.start();
    await clock.advance(1_000);
    expect(reader.status().lastEvent).toBe('The reader can send with 10 to 30 dBm, not 33.');
    expect(sent()).not.toContain(messageTypes.ADD_ROSPEC);
  });
});

describe('antennas', () => {
  test('that the reader misses when it is connected are told, and those of nobody are not', async () => {
    const { clock, reader, device } = scene();
    device.setAntenna(2, false);
    device.setAntenna(4, false);
    reader.start();
    await clock.advance(1_000);
    expect(reader.status()).toMatchObject({
      lastEvent: 'antenna: kind disconnected, antenna 2',
      warnings: { ANTENNA_DISCONNECTED: 1 },
    });
  });

  test('that are pulled off and put back while it runs are told, and read again', async () => {
    const { clock, reader, device, reads } = scene();
    reader.start();
    await clock.advance(1_000);
    device.setAntenna(1, false);
    const from = reads.length;
    await clock.advance(1_000);
    expect(new Set(reads.slice(from).map(({ antenna }) => antenna))).toEqual(new Set([2]));
    expect(reader.status().warnings).toEqual({ ANTENNA_DISCONNECTED: 1 });
    device.setAntenna(1, true);
    await clock.advance(1_000);
    expect(reads.at(-1)?.receivedAt).toBeGreaterThan(0);
    expect(reader.status().lastEvent).toBe('antenna: kind connected, antenna 1');
    expect(reads.slice(-10).map(({ antenna }) => antenna)).toContain(1);
  });
});

describe('what the reader cannot do', () => {
  test.each([
    [{ antennas: { '1': 'a', '7': 'b' } }, 'The reader has 4 antenna ports: there is no port 7.'],
    [{ power: 31 }, 'The reader can send with 10 to 30 dBm, not 31.'],
    [{ power: 9 }, 'The reader can send with 10 to 30 dBm, not 9.'],
    [{ region: 'EU' }, 'The reader is set to region US, not EU: LLRP cannot change it.'],
  ])('is refused before it is sent: %j', async (config, text) => {
    const { clock, reader, sent, reads } = scene({ config });
    reader.start();
    await clock.advance(5_000);
    expect(reader.status()).toMatchObject({ lastEvent: text, warnings: { READER_REFUSED: 1 } });
    expect(sent()).not.toContain(messageTypes.SET_READER_CONFIG);
    expect(sent()).not.toContain(messageTypes.ADD_ROSPEC);
    expect(reads).toEqual([]);
  });

  test('another program’s ROSpec is left alone, and said so', async () => {
    const { clock, reader, device } = scene();
    device.occupy(99);
    reader.start();
    await clock.advance(60_000);
    expect(device.roSpecs()).toEqual([99]);
    expect(reader.status().lastEvent).toContain('Another program has set this reader up (ROSpec 99)');
  });

  test('another program’s ROSpec is deleted with takeOver, and the work begins', async () => {
    const { clock, reader, device, reads } = scene({ config: { takeOver: true } });
    device.occupy(99);
    reader.start();
    await clock.advance(1_000);
    expect(device.roSpecs()).toEqual([OUR_ROSPEC]);
    expect(reads.length).toBeGreaterThan(0);
  });

  test('our own ROSpec of a life before is replaced without takeOver', async () => {
    const { clock, reader, device, reads } = scene();
    device.occupy(OUR_ROSPEC);
    reader.start();
    await clock.advance(1_000);
    expect(reads.length).toBeGreaterThan(0);
  });

  test('a reader that has another client says so, and is tried again', async () => {
    const { clock, reader, device, reads, line } = scene();
    device.setFaults({ busy: true });
    reader.start();
    await clock.advance(1_000);
    expect(reader.status().lastEvent).toContain('Another program is connected to this reader');
    expect(line.written).toEqual([]);
    device.setFaults({});
    await clock.advance(15_000);
    expect(reads.length).toBeGreaterThan(0);
  });

  test('a request that the reader refuses is told with the reader’s own words, and tried again', async () => {
    const { clock, reader, device, reads } = scene();
    device.setFaults({ refuse: 'ADD_ROSPEC' });
    reader.start();
    await clock.advance(1_000);
    expect(reader.status().lastEvent).toBe('The reader refused ADD_ROSPEC: told to refuse (101).');
    device.setFaults({});
    await clock.advance(10_000);
    expect(reads.length).toBeGreaterThan(0);
  });
});
