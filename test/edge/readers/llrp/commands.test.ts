import { describe, expect, test } from 'vitest';
import { messageTypes } from '../../../../src/protocols/llrp/message.ts';
import type { CommandResult } from '../../../../src/readers/commands/result.ts';
import { OUR_ACCESSSPEC, OUR_ROSPEC } from '../../../../src/readers/llrp/requests.ts';
import type { LlrpFaults } from '../../../../src/simulators/llrp/simulated-faults.ts';
import { running, scene, tags } from './scene.ts';

const [first, second] = tags.map(({ epc }) => epc) as [string, string, string];
const tag = { epc: first };
const other = '3034257BF7194E4000001A86';

describe.each(['generic/llrp', 'impinj/llrp'] as const)('tag access over LLRP: %s', (profile) => {
  test('reads the TID and other words of the tag that is meant, while inventory goes on', async () => {
    const { ask, device, reads, sent } = await running({ profile });
    const before = reads.length;
    const [memory] = device.memories();
    expect(await ask({ command: 'readMemory', tag, bank: 'tid', word: 0, words: 6 })).toMatchObject({
      outcome: 'done',
      data: memory?.tid,
    });
    memory?.write('user', 3, 'CAFEBABE', null);
    const user = { command: 'readMemory', bank: 'user', word: 3, words: 2 } as const;
    expect(await ask({ ...user, tag })).toMatchObject({ outcome: 'done', data: 'CAFEBABE' });
    expect(await ask({ ...user, tag: { tid: memory?.tid ?? '' } })).toMatchObject({ data: 'CAFEBABE' });
    expect(await ask({ ...user, tag: { epc: second } })).toMatchObject({ data: '00000000' });
    expect(reads.length).toBeGreaterThan(before + 10);
    expect(sent()).not.toContain(messageTypes.STOP_ROSPEC);
    expect(device.accessSpecs()).toEqual([]);
  });

  test('writes an EPC and user words, sets passwords, locks with them and kills', async () => {
    const { ask, device } = await running({ profile });
    const [memory] = device.memories();
    expect(await ask({ command: 'writeEpc', tag, epc: other })).toMatchObject({ outcome: 'done', epc: other });
    expect(memory?.epc()).toBe(other);
    const renamed = { tag: { epc: other } };
    expect(await ask({ command: 'writeMemory', ...renamed, bank: 'user', word: 0, data: '00112233' })).toMatchObject({
      outcome: 'done',
    });
    const passwords = { access: '12345678', kill: '0BADCAFE' };
    expect(await ask({ command: 'setPasswords', ...renamed, ...passwords })).toMatchObject({ outcome: 'done' });
    const lock = { command: 'lock', ...renamed, lock: { epc: 'lock', user: 'permanentLock' } } as const;
    expect(await ask({ ...lock, password: '12345678' })).toMatchObject({ outcome: 'done', error: null });
    expect(await ask({ command: 'writeEpc', ...renamed, epc: first })).toMatchObject({
      outcome: 'failed',
      error: 'locked',
    });
    expect(await ask({ command: 'writeEpc', ...renamed, epc: first, password: '12345678' })).toMatchObject({
      outcome: 'done',
      epc: first,
    });
    expect(await ask({ command: 'kill', tag, killPassword: '0BADCAFE' })).toMatchObject({ outcome: 'done' });
    expect(memory?.isAlive()).toBe(false);
  });

  test('says that a tag is not there, that its memory ends, and that its passwords are shut', async () => {
    const { ask } = await running({ profile });
    const absent = { epc: 'E28011700000020A7B2C4DFF' };
    expect(await ask({ command: 'readMemory', tag: absent, bank: 'tid', word: 0, words: 2 })).toMatchObject({
      outcome: 'failed',
      error: 'noTag',
    });
    expect(await ask({ command: 'readMemory', tag, bank: 'user', word: 31, words: 2 })).toMatchObject({
      error: 'memory',
    });
    await ask({ command: 'setPasswords', tag, access: '12345678' });
    await ask({ command: 'lock', tag, password: '12345678', lock: { accessPassword: 'lock' } });
    const secret = { command: 'readMemory', tag, bank: 'reserved', word: 2, words: 2 } as const;
    expect(await ask(secret)).toMatchObject({ outcome: 'failed', error: 'locked' });
    expect(await ask({ ...secret, password: '12345678' })).toMatchObject({ outcome: 'done', data: '12345678' });
  });
});

describe('tag access over LLRP', () => {
  test('tells two tags of one EPC apart by their TIDs, and works on neither', async () => {
    const twins = [...tags, { epc: first, antenna: 2, rssi: -55 }];
    const { ask, device } = await running({ tags: twins });
    const [one, , , two] = device.memories();
    for (const command of [
      { command: 'readMemory', tag, bank: 'user', word: 0, words: 1 },
      { command: 'writeEpc', tag, epc: other },
      { command: 'lock', tag, lock: { user: 'permanentLock' } },
    ] as const) {
      expect(await ask(command)).toMatchObject({ outcome: 'failed', error: 'severalTags' });
    }
    expect([one?.epc(), two?.epc()]).toEqual([first, first]);
    expect(one?.write('user', 0, 'AAAA', null).ok).toBe(true);
    expect(await ask({ command: 'writeEpc', tag: { tid: two?.tid ?? '' }, epc: other })).toMatchObject({
      outcome: 'done',
    });
    expect([one?.epc(), two?.epc()]).toEqual([first, other]);
  });

  test.each<[string, LlrpFaults]>([
    ['one byte at a time', { byteAtATime: true }],
    ['several reports in one segment', { bundle: 7 }],
    ['a report in front of every answer', { reportFirst: true }],
    ['answers that come late', { answerAfterMs: 700 }],
    ['all of it', { byteAtATime: true, bundle: 7, reportFirst: true, answerAfterMs: 700 }],
  ])('works through %s', async (_, faults) => {
    const { ask, device, reader } = await running();
    device.setFaults(faults);
    expect(await ask({ command: 'configure', settings: { power: 29 } })).toMatchObject({ outcome: 'done' });
    expect(await ask({ command: 'writeEpc', tag, epc: other })).toMatchObject({ outcome: 'done', epc: other });
    expect(await ask({ command: 'identify' })).toMatchObject({ outcome: 'done' });
    expect(reader.status()).toMatchObject({ rejected: {}, warnings: {} });
  });

  test('never takes a longer EPC that begins alike for the one that is meant', async () => {
    const longer = { epc: `${first}00001111`, antenna: 1, rssi: -50 };
    const { ask } = await running({ tags: [longer] });
    expect(await ask({ command: 'readMemory', tag, bank: 'tid', word: 0, words: 2 })).toMatchObject({ error: 'noTag' });
  });

  test('asks the antenna that is named, and refuses one that is not in use', async () => {
    const { ask, device } = await running();
    device.setTags([
      { epc: first, antenna: 1, rssi: -50 },
      { epc: second, antenna: 2, rssi: -50 },
    ]);
    const read = { command: 'readMemory', tag, bank: 'tid', word: 0, words: 2 } as const;
    expect(await ask({ ...read, antenna: 1 })).toMatchObject({ outcome: 'done' });
    expect(await ask({ ...read, antenna: 2 })).toMatchObject({ outcome: 'failed', error: 'noTag' });
    expect(await ask({ ...read, antenna: 3 })).toMatchObject({ outcome: 'refused', error: 'parameter' });
  });

  test('leaves a filter out meanwhile, so that a tag behind it is reached, and hands on none of the others', async () => {
    const { ask, reads, reader } = await running();
    const settings = { filter: { bank: 'epc', bit: 32, mask: 'E280' } } as const;
    expect(await ask({ command: 'configure', settings })).toMatchObject({ outcome: 'done' });
    const from = reads.length;
    expect(await ask({ command: 'writeEpc', tag, epc: other })).toMatchObject({ outcome: 'done' });
    await ask({ command: 'readMemory', tag: { epc: second }, bank: 'tid', word: 0, words: 2 });
    expect(new Set(reads.slice(from).map(({ epc }) => epc))).toEqual(new Set([second]));
    expect(reader.status().rejected['DURING_COMMAND']).toBeGreaterThan(0);
  });

  test('reaches a tag that keeps still in its session after it was read', async () => {
    const { ask, device } = await running({ config: { session: 2 } });
    device.setFaults({ singleTarget: true });
    expect(device.settingsOf(1)?.session).toBe(2);
    expect(await ask({ command: 'readMemory', tag, bank: 'tid', word: 0, words: 6 })).toMatchObject({
      outcome: 'done',
    });
    expect(device.settingsOf(1)?.session).toBe(2);
  });

  test('works while inventory is stopped, and leaves it stopped', async () => {
    const { ask, device, reads, clock } = await running();
    expect(await ask({ command: 'stop' })).toMatchObject({ outcome: 'done' });
    const before = reads.length;
    expect(await ask({ command: 'readMemory', tag, bank: 'tid', word: 0, words: 6 })).toMatchObject({
      outcome: 'done',
    });
    await clock.advance(5_000);
    expect(reads).toHaveLength(before);
    expect(device.roSpecs()).toEqual([]);
  });

  test('that is cut off ends as unsure, and what it left in the reader is gone when the connection is back', async () => {
    const { reader, clock, device, line } = await running();
    device.setTags([]);
    const results: CommandResult[] = [];
    void reader
      .command({ command: 'readMemory', tag, bank: 'tid', word: 0, words: 2 })
      .then((result) => results.push(result));
    await clock.advance(1_000);
    expect(device.accessSpecs()).toEqual([OUR_ACCESSSPEC]);
    line.unplug();
    await clock.advance(10);
    expect(results).toMatchObject([{ outcome: 'failed', error: 'timeout' }]);
    line.plug();
    await clock.advance(1_000);
    expect(device.accessSpecs()).toEqual([]);
    expect(device.roSpecs()).toEqual([OUR_ROSPEC]);
  });

  test('that the gateway’s stop comes upon leaves nothing in the reader', async () => {
    const { reader, clock, device } = await running();
    device.setTags([]);
    const result = reader.command({ command: 'writeMemory', tag, bank: 'user', word: 0, data: '1234' });
    await clock.advance(500);
    const stopped = reader.stop();
    await clock.advance(100);
    await stopped;
    expect(await result).toMatchObject({ outcome: 'failed' });
    expect([device.accessSpecs(), device.roSpecs()]).toEqual([[], []]);
  });

  test('has another program’s AccessSpec that would work on our tags told, and deletes it with takeOver only', async () => {
    const left = scene();
    left.device.occupyAccess(7);
    left.reader.start();
    await left.clock.advance(30_000);
    expect(left.reader.status().lastEvent).toContain('Another program left AccessSpec 7 in this reader');
    expect([left.device.accessSpecs(), left.device.roSpecs()]).toEqual([[7], []]);
    const taken = scene({ config: { takeOver: true } });
    taken.device.occupyAccess(7);
    taken.reader.start();
    await taken.clock.advance(1_000);
    expect([taken.device.accessSpecs(), taken.device.roSpecs()]).toEqual([[], [OUR_ROSPEC]]);
  });
});
