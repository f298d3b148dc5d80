import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadProfiles } from '../../../src/profiles/index.ts';
import { createSpeedSearch } from '../../../src/readers/bytes/speed-search.ts';
import { idsOf, scene } from '../../fakes/family-scene.ts';

const profiles = loadProfiles([join(import.meta.dirname, '../../../firmware-profiles')]);

function wired(id: string) {
  const profile = profiles.get(id);
  if (profile.kind !== 'bytes' && profile.kind !== 'lines') throw new Error(`${id} has no line`);
  return profile;
}

describe.each([
  ['thingmagic/m6e', 460_800],
  ['chafon/uhfreader288', 9_600],
  ['r2000/a0', 38_400],
  ['swct/integrated', 57_600],
])('%s that is set to %d baud', (id, speed) => {
  test('is found by trying the speeds of its profile in turn, and read', async () => {
    const { clock, line, reads, reader } = scene(wired(id));
    line.talkAt(speed);
    reader.start();
    await clock.advance(90_000);
    expect(reads.length).toBeGreaterThan(0);
    expect(new Set(reads.map(({ epc }) => epc))).toEqual(new Set(idsOf(wired(id))));
    expect(line.opens()).toBe(wired(id).port.baud.indexOf(speed) + 1);
    await reader.stop();
  });

  test('is found again when it was set to another speed behind our back', async () => {
    const { clock, line, reads, reader } = scene(wired(id));
    reader.start();
    await clock.advance(5_000);
    expect(line.opens()).toBe(1);
    line.talkAt(speed);
    await clock.advance(200_000);
    const before = reads.length;
    await clock.advance(5_000);
    expect(reads.length).toBeGreaterThan(before);
    await reader.stop();
  });
});

test('while a speed is tried, the status says which one did not answer', async () => {
  const { clock, line, reader } = scene(wired('r2000/a0'));
  line.talkAt(38_400);
  reader.start();
  const said = new Set<string | null>();
  for (let i = 0; i < 40; i++) {
    await clock.advance(50);
    said.add(reader.status().lastEvent);
  }
  expect(said).toContain('No answer at 115200 baud: trying 38400.');
  await reader.stop();
});

describe('the search', () => {
  const serial = (baudRate?: number) => ({
    serial: { path: '/dev/ttyUSB0', ...(baudRate === undefined ? {} : { baudRate }) },
  });

  test('never leaves a speed that the configuration names, and has nothing to try over TCP', () => {
    for (const [link, speed] of [
      [serial(4_800), 4_800],
      [{ tcp: { host: 'module', port: 6_000 } }, 115_200],
    ] as const) {
      const search = createSpeedSearch([115_200, 9_600], link);
      expect(search.searching()).toBe(false);
      expect(search.turn()).toBeNull();
      expect(search.speed()).toBe(speed);
    }
  });

  test('comes round to the first speed, and stays where something was heard', () => {
    const search = createSpeedSearch([115_200, 9_600], serial());
    const speeds = [search.speed()];
    for (let i = 0; i < 2; i++) {
      search.turn();
      speeds.push(search.speed());
    }
    expect(speeds).toEqual([115_200, 9_600, 115_200]);
    search.heard();
    expect(search.searching()).toBe(false);
    expect(search.turn()).toBeNull();
    expect(search.speed()).toBe(115_200);
  });
});
