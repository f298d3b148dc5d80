import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadProfiles } from '../../../../src/profiles/index.ts';
import type { ByteProfile } from '../../../../src/protocols/vocabulary/byte-profile.ts';
import { readerProblems } from '../../../../src/readers/index.ts';
import { commandScene, neighbour, type SceneOptions, wanted } from '../../../fakes/command-scene.ts';

const profiles = loadProfiles([join(import.meta.dirname, '../../../../firmware-profiles')]);

function bytes(id: string): ByteProfile {
  const profile = profiles.get(id);
  if (profile.kind !== 'bytes') throw new Error(`${id} speaks no bytes`);
  return profile;
}

async function started(id: string, options: SceneOptions = {}) {
  const scene = commandScene(bytes(id), options);
  scene.reader.start();
  await scene.clock.advance(3_000);
  scene.line.written.length = 0;
  return scene;
}

const four = { antennas: { '1': 'a', '2': 'b', '3': 'c', '4': 'd' } };
const two = [wanted, neighbour].map((epc) => ({ epc, antenna: 1, rssi: -50 }));

describe('a setting that is given while the reader runs', () => {
  test.each([
    ['thingmagic/m6e', { region: 'EU3', power: 20, session: 1, q: 5 }, ['019708', '9207D0', '9B050001', '9B05120105']],
    ['magicrf/m100', { region: 'US', power: 20, session: 2, q: 6 }, ['000700010', '00B6000207D0', '000E00021230']],
    ['nordicid/nur', { region: 'FCC', session: 1, q: 7 }, ['22100000000', '31070101']],
    ['chafon/uhfreader288', { power: 26, session: 2, q: 3 }, ['2F1A', '010302']],
    ['chafon/prime', { region: 'EU3', power: 20, session: 2 }, ['5508060361', '53021400', '120400000200']],
    ['chainway/ur4', { region: 'EU', power: 23.5 }, ['2C0004', '100001092E092E02092E']],
    ['caen/easy2read', { region: 'US', power: 25 }, ['000800770002', '000A00960000013C']],
    ['r2000/a0', { region: 'FCC', power: 30, session: 1 }, ['FF7801073B', 'FF661E', 'FF8B010001']],
    ['swct/integrated', { region: 'EU', power: 26 }, ['3F4E00', '24051A']],
  ])('is sent by %s, and again after it was unplugged', async (id, settings, said) => {
    const { clock, line, reads, run } = await started(id);
    expect(await run({ command: 'configure', settings })).toMatchObject({ outcome: 'done', error: null });
    await clock.advance(2_000);
    const all = () => line.written.join(' ');
    for (const bytes of said) expect(all()).toContain(bytes);
    line.unplug();
    line.written.length = 0;
    await clock.advance(2_000);
    line.plug();
    const before = reads.length;
    await clock.advance(5_000);
    for (const bytes of said) expect(all()).toContain(bytes);
    expect(reads.length).toBeGreaterThan(before);
  });

  test('is told by the reader afterwards', async () => {
    const { run } = await started('thingmagic/m6e');
    await run({ command: 'configure', settings: { region: 'AU', power: 23.5 } });
    const { fields } = await run({ command: 'identify' });
    expect(fields).toMatchObject({ model: 'M6e', firmware: '02010608', region: 'AU', power: 23.5 });
  });

  test('that the profile does not have is refused, and nothing is sent', async () => {
    const { line, run } = await started('r2000/a0', { config: four });
    const sent = line.written.length;
    for (const settings of [{ power: 34 }, { power: 20.5 }, { region: 'JP' }, { q: 4 }, { antennas: [5] }]) {
      const result = await run({ command: 'configure', settings });
      expect(result).toMatchObject({ outcome: 'refused', error: 'parameter' });
      expect(result.message).toMatch(/^[A-Z ].+\.$|^\w+: found/);
    }
    const filter = { bank: 'epc', bit: 32, mask: '3034' } as const;
    expect(await run({ command: 'configure', settings: { filter } })).toMatchObject({ outcome: 'refused' });
    expect(line.written.slice(sent).join(' ')).not.toMatch(/FF66|FF78/);
  });

  test('that the reader refuses leaves everything as it was', async () => {
    const { clock, line, run, faulty } = await started('magicrf/m100', { config: { power: 20 } });
    const receive = faulty.receive;
    faulty.receive = (bytes) => {
      // 17: the module does not take this power.
      const refused = Buffer.from(bytes).toString('hex').startsWith('bb00b600020898');
      if (refused) line.say(Uint8Array.from([0xbb, 0x01, 0xff, 0x00, 0x01, 0x17, 0x18, 0x7e]));
      else receive(bytes);
    };
    const result = await run({ command: 'configure', settings: { power: 22 } });
    expect(result).toMatchObject({ outcome: 'failed', error: 'parameter' });
    line.written.length = 0;
    await clock.advance(3_000);
    expect(line.written).toContain('BB00B6000207D08F7E');
    expect(line.written.at(-1)).toBe('BB0027000322FFFF4A7E');
  });

  test('antennas are those that inventory uses from then on', async () => {
    const { clock, line, run } = await started('r2000/a0', { config: four });
    await run({ command: 'configure', settings: { antennas: [2, 4] } });
    line.written.length = 0;
    await clock.advance(3_000);
    const ports = line.written.filter((frame) => frame.startsWith('A004FF74')).map((frame) => frame.slice(8, 10));
    expect(new Set(ports)).toEqual(new Set(['01', '03']));
  });
});

describe('a filter', () => {
  const filter = { bank: 'epc', bit: 32, mask: '3034' } as const;

  test.each([
    'thingmagic/m6e',
    'thingmagic/m7e',
    'magicrf/m100',
    'chafon/uhfreader288',
    'chafon/prime',
    'chainway/ur4',
  ])('of the configuration lets %s hear only tags that have it, also after a command on another tag', async (id) => {
    const { clock, reads, run, device } = await started(id, { tags: two, config: { filter } });
    expect(new Set(reads.map(({ epc }) => epc))).toEqual(new Set([wanted]));
    const other = await run({ command: 'readMemory', tag: { epc: neighbour }, bank: 'tid', word: 0, words: 2 });
    expect(other).toMatchObject({ outcome: 'done', data: device.present()[1]?.memory.tid.slice(0, 8) });
    const before = reads.length;
    await clock.advance(3_000);
    expect(reads.length).toBeGreaterThan(before + 10);
    expect(new Set(reads.map(({ epc }) => epc))).toEqual(new Set([wanted]));
  });

  test.each(['chafon/uhfreader18', 'r2000/a0', 'nordicid/nur', 'swct/integrated', 'nxp/pn532'])(
    'is refused by check where %s has none',
    (id) => {
      const reader = {
        id: 'r',
        profile: id,
        link: { serial: { path: '/dev/ttyUSB0' } },
        antennas: { '1': 'a' },
        filter,
      };
      expect(readerProblems(reader, profiles.get(id)).map(({ pointer }) => pointer)).toEqual(['/filter']);
    },
  );
});

test.each(['chafon/uhfreader18', 'swct/integrated'])('a session is refused by check where %s has none', (id) => {
  const reader = {
    id: 'r',
    profile: id,
    link: { serial: { path: '/dev/ttyUSB0' } },
    antennas: { '1': 'a' },
    session: 1,
  };
  expect(readerProblems(reader, profiles.get(id)).map(({ pointer }) => pointer)).toEqual(['/session']);
});

describe('inventory', () => {
  test.each(['thingmagic/m6e', 'magicrf/m100', 'chafon/uhfreader288', 'r2000/a0', 'nordicid/nur', 'swct/integrated'])(
    'of %s stops and starts on request, and a stopped reader stays stopped when it is plugged in again',
    async (id) => {
      const { clock, line, reads, reader, run } = await started(id);
      expect(await run({ command: 'stop' })).toMatchObject({ outcome: 'done' });
      await clock.advance(500);
      const stopped = reads.length;
      await clock.advance(20_000);
      expect(reads.length).toBe(stopped);
      expect(reader.status().lastEvent).toBe('inventory stopped on request');
      const tag = { epc: wanted };
      expect((await run({ command: 'readMemory', tag, bank: 'tid', word: 0, words: 2 })).outcome).toBe('done');
      line.unplug();
      await clock.advance(2_000);
      line.plug();
      await clock.advance(10_000);
      expect(reads.length - stopped).toBeLessThanOrEqual(1);
      expect(await run({ command: 'start' })).toMatchObject({ outcome: 'done' });
      await clock.advance(2_000);
      expect(reads.length).toBeGreaterThan(stopped + 10);
    },
  );
});

describe('a reader that cannot be asked', () => {
  test('says offline while it is unplugged and while it does not answer, busy while it is set up', async () => {
    const { clock, line, device, run } = await started('magicrf/m100');
    line.unplug();
    const read = { command: 'readMemory', tag: { epc: wanted }, bank: 'tid', word: 0, words: 2 } as const;
    expect(await run(read)).toMatchObject({ outcome: 'refused', error: 'offline' });
    device.setSilent(true);
    line.plug();
    expect(await run(read)).toMatchObject({ outcome: 'refused', error: 'busy' });
    await clock.advance(10_000);
    expect(await run(read)).toMatchObject({ outcome: 'refused', error: 'offline' });
    device.setSilent(false);
    await clock.advance(30_000);
    expect((await run(read)).outcome).toBe('done');
  });

  test.each(['seeed/rdm6300', 'generic/fdx-b'])('%s, which only talks, refuses everything', async (id) => {
    const { run } = await started(id, { tags: [] });
    for (const command of ['identify', 'start', 'stop'] as const) {
      expect(await run({ command })).toMatchObject({ outcome: 'refused', error: 'unsupported' });
    }
  });
});
