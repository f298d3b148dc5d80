import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadProfiles } from '../../../../src/profiles/index.ts';
import type { ByteProfile } from '../../../../src/protocols/vocabulary/byte-profile.ts';
import { commandScene, neighbour, wanted } from '../../../fakes/command-scene.ts';

const profiles = loadProfiles([join(import.meta.dirname, '../../../../firmware-profiles')]);

function bytes(id: string): ByteProfile {
  const profile = profiles.get(id);
  if (profile.kind !== 'bytes') throw new Error(`${id} speaks no bytes`);
  return profile;
}

const writers = profiles.all().flatMap((profile) => (profile.kind === 'bytes' && profile.access ? [profile] : []));
const byTid = ['chainway', 'thingmagic', 'silion', 'magicrf', 'nordicid', 'swct'];
const two = [wanted, neighbour].map((epc) => ({ epc, antenna: 1, rssi: -50 }));
const renamed = '3034257BF7194E4000001A86';
const tag = { epc: wanted };

describe.each(writers.map((profile) => ({ id: profile.id, profile })))('$id', ({ id, profile }) => {
  const lonely = profile.access?.alone === true;
  const tags = lonely ? two.slice(0, 1) : two;
  const started = async () => {
    const scene = commandScene(profile, { tags });
    scene.reader.start();
    await scene.clock.advance(3_000);
    const [meant, other] = scene.device.present();
    if (meant === undefined) throw new Error('no tag');
    return { ...scene, meant, other };
  };

  test('reads TID and USER of the tag that is meant, and inventory goes on', async () => {
    const { clock, reads, run, meant } = await started();
    const before = reads.length;
    expect(before).toBeGreaterThan(10);
    meant.memory.write('user', 2, 'CAFEBABE', null);
    const tid = await run({ command: 'readMemory', tag, bank: 'tid', word: 0, words: 6 });
    expect(tid).toMatchObject({ outcome: 'done', data: meant.memory.tid, epc: wanted });
    const user = await run({ command: 'readMemory', tag, bank: 'user', word: 2, words: 2 });
    expect(user).toMatchObject({ outcome: 'done', data: 'CAFEBABE' });
    const during = reads.length;
    await clock.advance(3_000);
    expect(reads.length).toBeGreaterThan(during + 10);
  });

  test('writes an EPC, which inventory then reports, and the USER memory', async () => {
    const { clock, reads, run, meant, other } = await started();
    expect(await run({ command: 'writeEpc', tag, epc: renamed })).toMatchObject({ outcome: 'done', epc: renamed });
    expect(meant.memory.epc()).toBe(renamed);
    expect(other?.memory.epc() ?? neighbour).toBe(neighbour);
    const from = reads.length;
    await clock.advance(2_000);
    const seen = new Set(reads.slice(from).map(({ epc }) => epc));
    expect(seen).toEqual(new Set(lonely ? [renamed] : [renamed, neighbour]));
    const write = { command: 'writeMemory', tag: { epc: renamed }, bank: 'user', word: 1, data: '12345678' } as const;
    expect(await run(write)).toMatchObject({ outcome: 'done', data: '12345678' });
    expect(meant.memory.read('user', 1, 2, null)).toEqual({ ok: true, data: '12345678' });
  });

  test.each(byTid.filter((vendor) => id.startsWith(vendor)))('holds a tag by its TID, as %s does', async () => {
    const { run, meant } = await started();
    const result = await run({ command: 'writeEpc', tag: { tid: meant.memory.tid }, epc: renamed });
    expect(result).toMatchObject({ outcome: 'done', tid: meant.memory.tid });
    expect(meant.memory.epc()).toBe(renamed);
  });

  const locks = [profile].filter(({ commands }) => commands.lock !== undefined);
  test.each(locks)('$vendor sets passwords, locks, is refused without, and kills', async () => {
    const { clock, reads, run, meant } = await started();
    const password = '12345678';
    const passwords = await run({ command: 'setPasswords', tag, access: password, kill: '0BADCAFE' });
    expect(passwords).toMatchObject({ outcome: 'done' });
    expect(meant.memory.read('reserved', 0, 4, password)).toEqual({ ok: true, data: '0BADCAFE12345678' });
    const lock = { command: 'lock', tag, password, lock: { epc: 'lock', accessPassword: 'permanentLock' } } as const;
    expect(await run(lock)).toMatchObject({ outcome: 'done' });
    const refused = await run({ command: 'writeEpc', tag, epc: renamed });
    expect(refused.outcome).toBe('failed');
    expect(['locked', 'badPassword']).toContain(refused.error);
    expect((await run({ command: 'writeEpc', tag, epc: renamed, password })).outcome).toBe('done');
    const kill = { command: 'kill', tag: { epc: renamed } } as const;
    expect((await run({ ...kill, killPassword: '11111111' })).outcome).toBe('failed');
    expect(meant.memory.isAlive()).toBe(true);
    expect((await run({ ...kill, killPassword: '0BADCAFE' })).outcome).toBe('done');
    expect(meant.memory.isAlive()).toBe(false);
    const from = reads.length;
    await clock.advance(2_000);
    expect(reads.slice(from).map(({ epc }) => epc)).not.toContain(renamed);
  });

  test('says noTag of one that is not there, and changes nothing', async () => {
    const { run, meant, other } = await started();
    const result = await run({ command: 'writeEpc', tag: { epc: '30340000000000000000FFFF' }, epc: renamed });
    expect(result).toMatchObject({ outcome: 'failed', error: 'noTag' });
    expect([meant.memory.epc(), other?.memory.epc() ?? neighbour]).toEqual([wanted, neighbour]);
  });

  test('tells what it is', async () => {
    const { run } = await started();
    const result = await run({ command: 'identify' });
    expect(result.outcome).toBe('done');
    if (!id.startsWith('swct/')) expect(Object.keys(result.fields)).toContain('firmware');
  });
});

test('the identity of each family is told in common words', async () => {
  const told = async (id: string, config = {}) => {
    const scene = commandScene(bytes(id), { config });
    scene.reader.start();
    await scene.clock.advance(2_000);
    return (await scene.run({ command: 'identify' })).fields;
  };
  expect(await told('magicrf/m100', { region: 'EU', power: 20 })).toEqual({
    model: 'M100 26dBm V1.0',
    maker: 'MagicRF',
    firmware: 'V1.00',
    region: 'EU',
    power: 20,
  });
});
