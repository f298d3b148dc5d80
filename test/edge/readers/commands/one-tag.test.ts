import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadProfiles } from '../../../../src/profiles/index.ts';
import { commandScene, neighbour, type SceneOptions, wanted } from '../../../fakes/command-scene.ts';

const profiles = loadProfiles([join(import.meta.dirname, '../../../../firmware-profiles')]);

async function started(id: string, options: SceneOptions) {
  const profile = profiles.get(id);
  if (profile.kind !== 'bytes') throw new Error(`${id} speaks no bytes`);
  const scene = commandScene(profile, options);
  scene.reader.start();
  await scene.clock.advance(3_000);
  return scene;
}

const at = (antenna: number) => (epc: string) => ({ epc, antenna, rssi: -50 });
const two = [wanted, neighbour].map(at(1));
const four = { antennas: { '1': 'a', '2': 'b', '3': 'c', '4': 'd' } };
const user = { command: 'writeMemory', bank: 'user', word: 0, data: 'CAFE' } as const;

describe('more than one tag that answers', () => {
  test.each(['thingmagic/m6e', 'thingmagic/m7e', 'magicrf/m100'])(
    'to a TID that %s selects by is severalTags, and none of them is written',
    async (id) => {
      const { run, device } = await started(id, { tags: two });
      // Maker and model of the chip, which both have.
      const tag = { tid: 'E2801160' };
      expect(await run({ ...user, tag })).toMatchObject({ outcome: 'failed', error: 'severalTags' });
      expect(device.present().map(({ memory }) => memory.read('user', 0, 1, null))).toEqual([
        { ok: true, data: '0000' },
        { ok: true, data: '0000' },
      ]);
    },
  );

  test('where the reader cannot single one out is severalTags', async () => {
    const { run, device } = await started('swct/integrated', { tags: two });
    expect(await run({ ...user, tag: { epc: wanted } })).toMatchObject({ outcome: 'failed', error: 'severalTags' });
    device.setTags([at(1)(neighbour)]);
    expect(await run({ ...user, tag: { epc: wanted } })).toMatchObject({ outcome: 'failed', error: 'noTag' });
    const tid = device.present()[0]?.memory.tid ?? '';
    expect(await run({ ...user, tag: { tid: `${tid.slice(0, -4)}0000` } })).toMatchObject({ error: 'noTag' });
    expect(await run({ ...user, tag: { tid } })).toMatchObject({ outcome: 'done' });
  });

  test('with the same EPC is severalTags where the reader counts them', async () => {
    const { run } = await started('r2000/a0', { tags: [wanted, wanted].map(at(1)) });
    expect(await run({ ...user, tag: { epc: wanted } })).toMatchObject({ outcome: 'failed', error: 'severalTags' });
  });
});

test.each(['magicrf/m100', 'r2000/a0'])('an answer of %s that names another tag is never taken for it', async (id) => {
  const { run, faulty } = await started(id, { tags: two });
  faulty.fault = () => ({ kind: 'otherTag', epc: neighbour });
  const read = { command: 'readMemory', tag: { epc: wanted }, bank: 'user', word: 0, words: 1 } as const;
  expect(await run(read)).toMatchObject({ outcome: 'failed', error: 'severalTags', data: null });
});

describe.each(['thingmagic/m6e', 'chafon/uhfreader288', 'r2000/a0'])('%s, which chooses the antenna,', (id) => {
  const tags = [at(3)(wanted), at(1)(neighbour)];
  const tag = { epc: wanted };

  test('finds the tag at whichever antenna it is, and none at one that is named and wrong', async () => {
    const { run } = await started(id, { tags, config: four });
    expect(await run({ ...user, tag })).toMatchObject({ outcome: 'done' });
    expect(await run({ ...user, tag, data: 'BEEF', antenna: 2 })).toMatchObject({ outcome: 'failed', error: 'noTag' });
    expect(await run({ ...user, tag, data: 'BEEF', antenna: 3 })).toMatchObject({ outcome: 'done' });
    expect(await run({ ...user, tag, antenna: 7 })).toMatchObject({ outcome: 'refused', error: 'parameter' });
  });

  test('takes inventory at all of them afterwards', async () => {
    const { clock, reads, run } = await started(id, { tags, config: four });
    await run({ ...user, tag, antenna: 3 });
    const from = reads.length;
    await clock.advance(3_000);
    expect(new Set(reads.slice(from).map(({ epc }) => epc))).toEqual(new Set([wanted, neighbour]));
  });
});

test('a reader that cannot choose the antenna of a command says so', async () => {
  const { run } = await started('nordicid/nur', { config: four });
  const result = await run({ ...user, tag: { epc: wanted }, antenna: 2 });
  expect(result).toMatchObject({ outcome: 'refused', message: expect.stringContaining('cannot choose the antenna') });
});

test('more words than one command of the reader moves are refused before anything is sent', async () => {
  const { run, line } = await started('magicrf/m100', {});
  line.written.length = 0;
  const read = { command: 'readMemory', tag: { epc: wanted }, bank: 'user', word: 0, words: 33 } as const;
  expect(await run(read)).toMatchObject({ outcome: 'refused', error: 'parameter' });
  expect(line.written).toEqual([]);
});

test('a tag that answers with fewer words than were asked for was not read', async () => {
  const { run } = await started('thingmagic/m6e', {});
  const read = { command: 'readMemory', tag: { epc: wanted }, bank: 'user', word: 31, words: 4 } as const;
  expect(await run(read)).toMatchObject({ outcome: 'failed', error: 'memory', data: null });
});
