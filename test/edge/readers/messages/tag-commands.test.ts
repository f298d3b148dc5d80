import { describe, expect, test } from 'vitest';
import type { CommandResult } from '../../../../src/readers/index.ts';
import { E1, E2, simulatedScene } from './scene.ts';

const namesOf = (asked: readonly Record<string, unknown>[]) => asked.map(({ command }) => command);
const stepsOf = ({ steps }: CommandResult) => steps.map(({ step, ok, error }) => `${step} ${ok ? 'ok' : error}`);

describe('tags before a fixed Zebra reader', () => {
  test('are read, by their EPC', async () => {
    const { reader, settled, device } = simulatedScene('zebra/iot-connector');
    const command = { command: 'readMemory', tag: { epc: E1 }, bank: 'tid', word: 0, words: 6 } as const;
    const result = await settled(reader.command(command));
    expect(result).toMatchObject({ outcome: 'done', data: device.memoryOf(E1)?.tid });
  });

  test('get another EPC, read back under it; mode and inventory are as before', async () => {
    const { reader, settled, device, clock } = simulatedScene('zebra/iot-connector');
    const mode = device.mode();
    const wanted = '3034257BF7194E4000001A85';
    const result = await settled(reader.command({ command: 'writeEpc', tag: { epc: E1 }, epc: wanted }));
    expect(result).toMatchObject({ outcome: 'done', epc: wanted });
    expect([device.memoryOf(E1)?.epc(), device.memoryOf(E2)?.epc()]).toEqual([wanted, E2]);
    expect(device.mode()).toEqual(mode);
    const before = device.counts().reports;
    await clock.advance(1_000);
    expect(device.counts().reports).toBeGreaterThan(before);
  });

  test('get words into their user memory and passwords, and then ask for the password', async () => {
    const { reader, settled, device } = simulatedScene('zebra/iot-connector');
    const write = { command: 'writeMemory', tag: { epc: E1 }, bank: 'user', word: 2, data: 'CAFE0001' } as const;
    expect(await settled(reader.command(write))).toMatchObject({ outcome: 'done', data: 'CAFE0001' });
    const set = { command: 'setPasswords', tag: { epc: E1 }, access: '12345678' } as const;
    expect(stepsOf(await settled(reader.command(set)))).toEqual([
      'look access password ok',
      'write access password ok',
      'verify access password ok',
    ]);
    device.memoryOf(E1)?.lock(0b11, 0b10, '12345678');
    const again = { ...write, data: 'BEEF0002' };
    expect(await settled(reader.command(again))).toMatchObject({
      outcome: 'failed',
      error: 'locked',
      data: 'CAFE0001',
    });
    expect(await settled(reader.command({ ...again, password: '12345678' }))).toMatchObject({ outcome: 'done' });
    expect(device.memoryOf(E1)?.read('user', 2, 2, null)).toEqual({ ok: true, data: 'BEEF0002' });
  });

  test('that are not there are not written, and others are let alone', async () => {
    const { reader, settled, device, asked } = simulatedScene('zebra/iot-connector');
    const absent = 'AAAA11606000020934D6FAF7';
    const result = await settled(reader.command({ command: 'writeEpc', tag: { epc: absent }, epc: E2 }));
    expect(result).toMatchObject({ outcome: 'failed', error: 'noTag' });
    expect([device.memoryOf(E1)?.epc(), device.memoryOf(E2)?.epc()]).toEqual([E1, E2]);
    const modes = asked().filter(({ command }) => command === 'set_mode');
    const filters = modes.slice(0, -1).map(({ payload }) => (payload as { filter?: { value: string } }).filter?.value);
    expect(filters.length).toBeGreaterThan(0);
    expect(new Set(filters)).toEqual(new Set([absent.toLowerCase()]));
  });

  test('are reached by the antenna that is asked for, with the power of that antenna', async () => {
    const { reader, settled, asked } = simulatedScene('zebra/iot-connector');
    const read = { command: 'readMemory', bank: 'epc', word: 2, words: 6 } as const;
    expect(await settled(reader.command({ ...read, tag: { epc: E2 }, antenna: 2 }))).toMatchObject({
      outcome: 'done',
      data: E2,
    });
    expect(await settled(reader.command({ ...read, tag: { epc: E1 }, antenna: 2 }))).toMatchObject({ error: 'noTag' });
    const modes = asked().filter(({ command }) => command === 'set_mode');
    expect(modes[0]?.['payload']).toMatchObject({ antennas: [2], transmitPower: 27, type: 'CUSTOM' });
  });

  test('are neither locked nor killed, nor sought by their TID: no document says how', async () => {
    const { reader, settled, asked } = simulatedScene('zebra/iot-connector');
    const byEpc = { tag: { epc: E1 } };
    for (const command of [
      { command: 'lock', ...byEpc, lock: { user: 'permanentLock' } },
      { command: 'kill', ...byEpc, killPassword: '12345678' },
      { command: 'readMemory', tag: { tid: 'E2801160' }, bank: 'user', word: 0, words: 1 },
    ] as const) {
      expect(await settled(reader.command(command))).toMatchObject({ outcome: 'refused', error: 'unsupported' });
    }
    expect(namesOf(asked()).filter((name) => name === 'start')).toHaveLength(3);
    expect(asked().some((message) => JSON.stringify(message).includes('accesses'))).toBe(false);
  });

  test('a reader that stops answering in the middle of a write leaves it unsure, and says that its mode was not restored', async () => {
    const { reader, settled, device, asked } = simulatedScene('zebra/iot-connector');
    const writing = reader.command({ command: 'writeMemory', tag: { epc: E1 }, bank: 'user', word: 0, data: 'CAFE' });
    const isWriting = () => asked().some((message) => JSON.stringify(message).includes('"WRITE"'));
    for (let i = 0; i < 200 && !isWriting(); i++) await settled(Promise.resolve());
    device.setSilent(true);
    const result = await settled(writing);
    expect([result.outcome, stepsOf(result)]).toEqual(['unsure', ['look ok', 'write noTag', 'verify timeout']]);
    expect(reader.status().warnings).toMatchObject({ MODE_NOT_RESTORED: 1, NOT_RESTARTED: 1 });
  });
});
