import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { silentLog } from '../../../src/kit/index.ts';
import { createActivity } from '../../../src/supervision/activity.ts';
import { openMemories } from '../../../src/supervision/memory-file.ts';
import { manualClock } from '../../fakes/manual-clock.ts';

const folder = mkdtempSync(join(tmpdir(), 'silentgate-baselines-'));
const file = join(folder, 'baselines.json');
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('what was learned is written every ten minutes and at the end, and is read back; damage is as good as nothing', async () => {
  const clock = manualClock();
  const { memory } = createActivity({ '1': 'dock', '4': 'shelf' }, null);
  const readBack = () => openMemories(file, new Map(), { clock: manualClock(), log: silentLog }).of('r1');
  const first = openMemories(file, new Map([['r1', { id: 'r1', memory }]]), { clock, log: silentLog });
  expect(readBack()).toBeNull();
  await clock.advance(600_000);
  expect(readBack()).toEqual(memory());
  expect(Object.keys(readBack()?.antennas ?? {})).toEqual(['1', '4']);

  writeFileSync(file, '{"r1":{"antennas":{"1":["x"');
  expect(readBack()).toBeNull();
  writeFileSync(file, JSON.stringify({ r1: { antennas: { '1': ['many', 0, 0] }, hours: [] } }));
  expect(readBack()).toBeNull();

  first.close();
  expect(readBack()).toEqual(memory());
  expect(readdirSync(folder)).toEqual(['baselines.json']);
});

test('a folder that cannot be written is told in the log and stops nothing', () => {
  const told: string[] = [];
  const log = { ...silentLog, warn: (_: object, message: string) => void told.push(message) };
  openMemories(join(folder, 'none', 'b.json'), new Map(), { clock: manualClock(), log }).close();
  expect(told).toEqual(['what supervision has learned is not written']);
});
