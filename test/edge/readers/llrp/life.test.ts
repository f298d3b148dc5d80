import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../../../src/kit/index.ts';
import { type MessageName, messageTypes } from '../../../../src/protocols/llrp/message.ts';
import { writeParameter } from '../../../../src/protocols/llrp/tree.ts';
import { OUR_ROSPEC } from '../../../../src/readers/llrp/requests.ts';
import type { LlrpFaults } from '../../../../src/simulators/llrp/simulated-faults.ts';
import { scene } from './scene.ts';

const typesOf = (...names: MessageName[]) => names.map((name) => messageTypes[name]);

describe('an LLRP reader at work', () => {
  test('has every keepalive acknowledged', async () => {
    const { clock, reader, device } = scene({ rate: 0 });
    reader.start();
    await clock.advance(65_000);
    expect(device.counts().acks).toBe(6);
    expect(reader.status().lastEvent).toBe('inventory started');
  });

  test('is connected anew when three keepalives are missing, and reads again', async () => {
    const { clock, reader, device, line, reads } = scene();
    reader.start();
    await clock.advance(12_000);
    device.setSilent(true);
    const before = reads.length;
    await clock.advance(29_000);
    expect(line.opens()).toBe(1);
    await clock.advance(2_000);
    expect(line.opens()).toBe(2);
    expect(reader.status().lastEvent).toContain('keepalives stopped');
    device.setSilent(false);
    await clock.advance(15_000);
    expect(reads.length).toBeGreaterThan(before);
  });

  test('is not called silent while its channel is held because the disk is behind', async () => {
    let release: () => void = () => undefined;
    const room = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { clock, reader, device, line } = scene({ onReads: () => room, pressure: () => room });
    reader.start();
    await clock.advance(12_000);
    device.setSilent(true);
    await clock.advance(120_000);
    expect(line.opens()).toBe(1);
    release();
    await clock.advance(28_000);
    expect(line.opens()).toBe(1);
    await clock.advance(15_000);
    expect(line.opens()).toBeGreaterThan(1);
  });

  test.each<[string, LlrpFaults]>([
    ['one byte at a time', { byteAtATime: true }],
    ['45 reports in one segment', { bundle: 45 }],
    ['a report in front of every answer', { reportFirst: true }],
    ['answers after four seconds', { answerAfterMs: 4_000 }],
    ['all of it', { byteAtATime: true, bundle: 7, reportFirst: true, answerAfterMs: 100 }],
  ])('loses no report with %s', async (_, faults) => {
    const { clock, reader, device, reads } = scene({ rate: 50 });
    device.setFaults(faults);
    reader.start();
    await clock.advance(60_000);
    const due = device.counts().reports;
    expect(reads.length).toBeGreaterThan(due - (faults.bundle ?? 1));
    expect(reads.length).toBeGreaterThan(500);
    expect(reader.status()).toMatchObject({ rejected: {}, warnings: {} });
  });

  test('gives what the reader held while the gateway was away, and tells of what it lost', async () => {
    const { clock, reader, line, reads } = scene({ rate: 50 });
    reader.start();
    await clock.advance(2_000);
    const before = reads.length;
    line.unplug();
    await clock.advance(10_000);
    expect(reads).toHaveLength(before);
    line.plug();
    await clock.advance(100);
    expect(reads.length).toBeGreaterThan(before + 450);
    expect(reader.status().warnings).toEqual({});
    line.unplug();
    await clock.advance(60_000);
    line.plug();
    await clock.advance(100);
    expect(reader.status().warnings).toEqual({ READER_OVERFLOW: 1 });
  });

  test('tells of antennas, buffers, exceptions and other clients as alarms', async () => {
    const { clock, reader, device } = scene({ rate: 0 });
    reader.start();
    await clock.advance(1_000);
    device.tell(writeParameter('AntennaEvent', { kind: 0, antenna: 2 }));
    device.tell(writeParameter('AntennaEvent', { kind: 1, antenna: 2 }));
    device.tell(writeParameter('ReportBufferLevelWarningEvent', { percent: 90 }));
    device.tell(writeParameter('ReportBufferOverflowErrorEvent'));
    device.tried();
    device.tell(writeParameter('ReaderExceptionEvent', { message: 'PA over-current' }));
    expect(reader.status()).toMatchObject({
      lastEvent: 'readerException: message PA over-current',
      warnings: {
        ANTENNA_DISCONNECTED: 1,
        READER_BUFFER_FILLING: 1,
        READER_OVERFLOW: 1,
        OTHER_CLIENT: 1,
        READER_EXCEPTION: 1,
      },
    });
  });

  test('starts its ROSpec again when the reader ended it', async () => {
    const { clock, reader, device, sent } = scene();
    reader.start();
    await clock.advance(1_000);
    device.tell(writeParameter('ROSpecEvent', { kind: 1, roSpecId: OUR_ROSPEC }));
    device.tell(writeParameter('ROSpecEvent', { kind: 1, roSpecId: OUR_ROSPEC }));
    await clock.advance(500);
    const starts = () => sent().filter((type) => type === messageTypes.START_ROSPEC).length;
    expect(starts()).toBe(1);
    await clock.advance(10_000);
    expect(starts()).toBe(2);
  });

  test('that restarts is set up again', async () => {
    const { clock, reader, device, line, reads } = scene();
    reader.start();
    await clock.advance(5_000);
    device.restart();
    line.unplug();
    line.plug();
    const before = reads.length;
    await clock.advance(5_000);
    expect(reads.length).toBeGreaterThan(before);
    expect(device.roSpecs()).toEqual([OUR_ROSPEC]);
  });

  test('is left clean when the gateway stops', async () => {
    const { clock, reader, device, sent } = scene();
    reader.start();
    await clock.advance(5_000);
    const stopped = reader.stop();
    await clock.advance(10);
    await stopped;
    expect(device.roSpecs()).toEqual([]);
    expect(sent().slice(-2)).toEqual(typesOf('DELETE_ROSPEC', 'CLOSE_CONNECTION'));
    expect(reader.status().link.state).toBe('closed');
  });

  test('that hangs does not hold up the gateway’s stop for longer than an answer may take', async () => {
    const { clock, reader, device } = scene();
    reader.start();
    await clock.advance(5_000);
    device.setSilent(true);
    let done = false;
    void reader.stop().then(() => {
      done = true;
    });
    await clock.advance(4_900);
    expect(done).toBe(false);
    await clock.advance(200);
    expect(done).toBe(true);
  });

  test('stops at once when it was never reached', async () => {
    const { reader, line } = scene();
    line.unplug();
    reader.start();
    await reader.stop();
    expect(reader.status().link.state).toBe('closed');
  });

  test('has reads that cannot be kept counted', async () => {
    const { clock, reader } = scene({
      onReads: async () => {
        throw new GatewayError('STORE_FULL', 'full');
      },
    });
    reader.start();
    await clock.advance(2_000);
    expect(reader.status().rejected['STORE_FAILED']).toBeGreaterThan(5);
    expect(reader.status().reads).toBe(0);
  });

  test('has damaged reports counted, and the good ones beside them kept', async () => {
    const { clock, reader, device, reads } = scene({ rate: 50 });
    device.setNoise({ garbage: 1 });
    reader.start();
    await clock.advance(5_000);
    expect(reads.length).toBeGreaterThan(100);
    expect(reader.status().rejected['UNKNOWN_MESSAGE']).toBeGreaterThan(100);
    device.setNoise({ checksum: 1 });
    await clock.advance(5_000);
    expect(reader.status().rejected['UNKNOWN_TV']).toBeGreaterThan(100);
  });

  test('that speaks something else is given up and tried again', async () => {
    const { clock, reader, line } = scene();
    reader.start();
    await clock.advance(1_000);
    const opens = line.opens();
    line.say(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await clock.advance(1_000);
    expect(reader.status().rejected).toEqual({ TOO_LONG: 1 });
    expect(line.opens()).toBe(opens + 1);
  });

  test('that speaks something else at once is not connected to without a pause', async () => {
    const { clock, reader, device, line } = scene();
    device.setSilent(true);
    reader.start();
    line.say(Buffer.from('SSH-2.0-OpenSSH_9.2p1\r\n'));
    await clock.advance(9_000);
    expect(line.opens()).toBe(1);
    expect(reader.status().lastEvent).toBe('What the device sends is not LLRP: check address and port.');
    await clock.advance(2_000);
    expect(line.opens()).toBe(2);
  });

  test('may be stopped twice at once', async () => {
    const { clock, reader } = scene();
    reader.start();
    await clock.advance(1_000);
    const both = Promise.all([reader.stop(), reader.stop()]);
    await clock.advance(100);
    expect(await both).toHaveLength(2);
  });
});

/** Numbers from 0 to 1, the same ones every time. */
function seeded(): () => number {
  let state = 20_261_127;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

test('the whole life of a busy reader: every report is a read, whatever happens to it', async () => {
  const { clock, reader, device, line, reads } = scene({
    profile: 'impinj/llrp',
    rate: 1_000,
    random: seeded(),
    config: { takeOver: true, power: 27, session: 1, q: 5, antennaPower: { '2': 20 } },
  });
  // Another client holds the reader, and leaves its work in it.
  device.setFaults({ busy: true });
  device.occupy(99);
  device.occupyAccess(98);
  reader.start();
  await clock.advance(25_000);
  expect(reader.status().lastEvent).toContain('Another program is connected to this reader');
  expect(device.roSpecs()).toEqual([99]);
  device.setFaults({});
  await clock.advance(10_000);
  expect([device.roSpecs(), device.accessSpecs()]).toEqual([[OUR_ROSPEC], []]);
  expect([1, 2, 3].map((port) => device.settingsOf(port)?.dbm)).toEqual([27, 20, undefined]);

  // Ten minutes of reads, through all that a stream and a line can do to them.
  let lost = 0;
  const missing = () => device.counts().reports - reads.length - (reader.status().rejected['UNKNOWN_TV'] ?? 0) - lost;
  const work = async (faults: LlrpFaults, ms: number) => {
    device.setFaults(faults);
    await clock.advance(ms);
    expect(missing()).toBeGreaterThanOrEqual(0);
    expect(missing()).toBeLessThan(faults.bundle ?? 1);
  };
  await work({}, 150_000);
  await work({ bundle: 45, reportFirst: true }, 145_000);
  await work({ byteAtATime: true, reportFirst: true }, 5_000);
  device.setNoise({ garbage: 0.1, checksum: 0.1 });
  await work({}, 150_000);
  expect(reader.status().rejected['UNKNOWN_TV']).toBeGreaterThan(10_000);
  device.setNoise({});

  // More than the reader can hold: it says so itself.
  device.setFaults({ answerAfterMs: 900 });
  line.unplug();
  await clock.advance(1_000);
  line.plug();
  await clock.advance(20_000);
  expect(reader.status().warnings['READER_OVERFLOW']).toBe(1);
  lost = missing();
  await work({}, 55_000);
  device.restart();
  line.unplug();
  line.plug();
  await work({}, 75_000);

  const stopped = reader.stop();
  await clock.advance(10);
  await stopped;
  expect(reads.length).toBeGreaterThan(500_000);
  expect([device.roSpecs(), device.accessSpecs()]).toEqual([[], []]);
  expect(reader.status().link.state).toBe('closed');
}, 300_000);
