import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadProfiles } from '../../../../src/profiles/index.ts';
import { readerProblems } from '../../../../src/readers/index.ts';
import { type LineFault, lineScene, neighbour, wanted } from '../../../fakes/line-scene.ts';

const profiles = loadProfiles([join(import.meta.dirname, '../../../../firmware-profiles')]);
const renamed = '3034257BF7194E4000001A86';
const tag = { epc: wanted };
const password = '12345678';
const user = { command: 'writeMemory', tag, bank: 'user', word: 2, data: 'CAFEBABE' } as const;

async function started(id = 'tsl/ascii2', config = {}, epcs = [wanted, neighbour]) {
  const profile = profiles.get(id);
  if (profile.kind !== 'lines') throw new Error(`${id} writes no lines`);
  const scene = lineScene(profile, epcs, config);
  scene.reader.start();
  await scene.clock.advance(3_000);
  const [meant] = scene.device.present();
  if (meant === undefined) throw new Error('no tag');
  scene.said.length = 0;
  return { ...scene, meant };
}

describe('a TSL handheld', () => {
  test('reads and writes by EPC and by TID as the maker’s note has it, and inventory goes on', async () => {
    const { clock, run, reads, said, meant } = await started();
    const tid = await run({ command: 'readMemory', tag, bank: 'tid', word: 0, words: 6 });
    expect(tid).toMatchObject({ outcome: 'done', data: meant.memory.tid });
    expect(said.find((line) => line.startsWith('.rd'))).toBe(
      `.rd -db tid -do 0000 -dl 06 -ql all -qs s1 -qt b -sa 4 -sb epc -sd ${wanted} -sl 60 -so 0020 -st s1`,
    );
    const byTid = { command: 'writeEpc', tag: { tid: meant.memory.tid }, epc: renamed } as const;
    expect(await run(byTid)).toMatchObject({ outcome: 'done', epc: renamed });
    expect(await run({ ...user, tag: { epc: renamed } })).toMatchObject({ outcome: 'done' });
    expect(meant.memory.read('user', 2, 2, null)).toEqual({ ok: true, data: 'CAFEBABE' });
    const from = reads.length;
    await clock.advance(3_000);
    expect(new Set(reads.slice(from).map(({ epc }) => epc))).toEqual(new Set([renamed, neighbour]));
  });

  test('sets passwords, locks, is refused without, and kills', async () => {
    const { run, said, meant } = await started();
    expect(await run({ command: 'setPasswords', tag, access: password, kill: '0BADCAFE' })).toMatchObject({
      outcome: 'done',
    });
    const lock = await run({ command: 'lock', tag, password, lock: { epc: 'lock' } });
    expect(lock).toMatchObject({ outcome: 'done' });
    expect(said.find((line) => line.startsWith('.lo'))).toContain('.lo -lp 0C020 ');
    expect(await run({ command: 'writeEpc', tag, epc: renamed })).toMatchObject({ outcome: 'failed', error: 'locked' });
    expect((await run({ command: 'writeEpc', tag, epc: renamed, password })).outcome).toBe('done');
    const kill = { command: 'kill', tag: { epc: renamed } } as const;
    expect(await run({ ...kill, killPassword: '11111111' })).toMatchObject({ outcome: 'failed', error: 'badPassword' });
    expect((await run({ ...kill, killPassword: '0BADCAFE' })).outcome).toBe('done');
    expect(meant.memory.isAlive()).toBe(false);
  });

  test('that several tags answer, or none, touches none', async () => {
    const { run } = await started();
    expect(await run({ ...user, tag: { tid: 'E2801160' } })).toMatchObject({ outcome: 'failed', error: 'severalTags' });
    const absent = { ...user, tag: { epc: '30340000000000000000FFFF' } };
    expect(await run(absent)).toMatchObject({ outcome: 'failed', error: 'noTag' });
  });

  test.each<[LineFault, string, string]>([
    ['silence', '00000000', 'failed'],
    ['lostAnswer', 'CAFEBABE', 'done'],
    ['cutAnswer', 'CAFEBABE', 'done'],
    ['unplug', '00000000', 'unsure'],
    ['unplugAfter', 'CAFEBABE', 'unsure'],
  ])('a write that meets %s is found out by looking again, and inventory goes on', async (fault, there, outcome) => {
    const { clock, run, reads, lines, faulty, meant } = await started();
    const before = reads.length;
    faulty.fault = (line) => (line.startsWith('.wr') ? fault : undefined);
    const result = await run(user);
    expect(meant.memory.read('user', 2, 2, null)).toEqual({ ok: true, data: there });
    expect(result.outcome).toBe(outcome);
    expect(lines.filter(({ message }) => message === 'reader command')).toEqual([
      expect.objectContaining({ command: 'writeMemory', outcome }),
    ]);
    await clock.advance(15_000);
    expect(reads.length).toBeGreaterThan(before + 10);
  });

  test('is identified, stopped, started, and set while it runs', async () => {
    const { clock, run, reads, said, reader } = await started();
    expect((await run({ command: 'identify' })).fields).toEqual({
      maker: 'TSL UK Ltd.',
      serial: '1128-00-000001',
      firmware: '1.6.0',
    });
    const filter = { bank: 'epc', bit: 32, mask: '3034' } as const;
    expect((await run({ command: 'configure', settings: { power: 25, session: 1, q: 4, filter } })).outcome).toBe(
      'done',
    );
    await clock.advance(3_000);
    expect(said.at(-1)).toBe(
      '.iv -r on -e on -c on -al off -o 25 -qs s1 -qa fix -qv 4 -ql sl -sa 0 -st sl -sb epc -sd 3034 -sl 10 -so 0020',
    );
    const from = reads.length;
    await clock.advance(2_000);
    expect(new Set(reads.slice(from).map(({ epc }) => epc))).toEqual(new Set([wanted]));
    expect((await run({ command: 'stop' })).outcome).toBe('done');
    const stopped = reads.length;
    await clock.advance(5_000);
    expect(reads.length).toBe(stopped);
    expect(reader.status().lastEvent).toBe('inventory stopped on request');
    expect((await run({ command: 'start' })).outcome).toBe('done');
    await clock.advance(2_000);
    expect(reads.length).toBeGreaterThan(stopped);
  });

  test.each([{ power: 31 }, { region: 'EU' }, { antennas: [2] }])(
    'refuses %j before anything is sent',
    async (settings) => {
      const { run } = await started();
      expect(await run({ command: 'configure', settings })).toMatchObject({ outcome: 'refused', error: 'parameter' });
    },
  );
});

test('an Alien reader says what it is, one property after the other, and knows no commands on tags', async () => {
  const { run } = await started('alien/ascii');
  expect((await run({ command: 'identify' })).fields).toEqual({ model: 'Alien RFID Reader', firmware: 'Simulated' });
  expect(await run(user)).toMatchObject({ outcome: 'refused', error: 'unsupported' });
});

test('a reader that only writes lines refuses everything', async () => {
  const { run } = await started('generic/line');
  expect(await run({ command: 'identify' })).toMatchObject({ outcome: 'refused', error: 'unsupported' });
  expect(await run({ command: 'stop' })).toMatchObject({ outcome: 'refused', error: 'unsupported' });
});

test.each([
  ['tsl/ascii2', { session: 2, q: 4 }, []],
  ['alien/ascii', { session: 2 }, ['/session']],
  ['generic/line', { filter: { bank: 'epc', bit: 32, mask: '30' } as const }, ['/filter']],
])('check knows which settings %s has', (id, settings, pointers) => {
  const reader = {
    id: 'r',
    profile: id,
    link: { serial: { path: '/dev/ttyUSB0' } },
    antennas: { '1': 'a' },
    ...settings,
  };
  expect(readerProblems(reader, profiles.get(id)).map(({ pointer }) => pointer)).toEqual(pointers);
});
