import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadProfiles } from '../../../src/profiles/index.ts';
import type { ByteProfile } from '../../../src/protocols/vocabulary/byte-profile.ts';
import { commandScene, wanted } from '../../fakes/command-scene.ts';
import { scene } from '../../fakes/family-scene.ts';

const profiles = loadProfiles([join(import.meta.dirname, '../../../firmware-profiles')]);

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

function bytes(id: string): ByteProfile {
  const profile = profiles.get(id);
  if (profile.kind !== 'bytes') throw new Error(`${id} is no profile of bytes`);
  return profile;
}

/** What each of them says when it has begun anew. */
const booted = { 'thingmagic/m6e': '04 0000', 'nordicid/nur': '0100 80 00 415050' } as const;

describe.each(Object.entries(booted))('a module that begins anew: %s', (id, body) => {
  test('while its inventory rests for a command is set up again at once, and the command ends as it must', async () => {
    const { clock, device, faulty, line, reader, run } = commandScene(bytes(id));
    reader.start();
    await clock.advance(5_000);
    const setUps = () => line.written.filter((frame) => frame === line.written[1]).length;
    const before = setUps();
    // The command reaches it and is forgotten in the restart, which it tells as it does while it reads.
    faulty.fault = () => {
      clock.after(1, () => device.say?.(hex(body)));
      return { kind: 'silence' };
    };
    const since = clock.now();
    const result = await run({ command: 'readMemory', tag: { epc: wanted }, bank: 'user', word: 0, words: 2 });
    expect(result).toMatchObject({ outcome: 'failed', error: 'internal' });
    expect(clock.now() - since).toBeLessThan(1_000);
    expect(reader.status().warnings['READER_REBOOTED']).toBe(1);
    await clock.advance(5_000);
    expect(setUps()).toBe(before + 1);
    expect(reader.status().session.state).toBe('running');
  });

  test('whenever it has been started is set up after a pause that grows, and READER_RESTARTS says so', async () => {
    const { clock, device, line, reader } = scene(bytes(id));
    reader.start();
    await clock.advance(5_000);
    const begun: number[] = [];
    const setUps = () => line.written.filter((frame) => frame === line.written[1]).length;
    /** How long it takes until it is set up again. */
    const restarted = async () => {
      const before = setUps();
      device.say?.(hex(body));
      const since = clock.now();
      while (setUps() === before) await clock.advance(10);
      return clock.now() - since;
    };
    for (let i = 0; i < 6; i++) {
      begun.push(await restarted());
      await clock.advance(3_000);
      expect(reader.status().session.state).toBe('running');
    }
    for (let i = 1; i < 5; i++) expect(begun[i]).toBeGreaterThan((begun[i - 1] ?? 0) + 200);
    expect(begun[5]).toBe(begun[4]);
    expect(reader.status().findings.map(({ code }) => code)).toContain('READER_RESTARTS');
    // A minute of good work makes the pause short again.
    await clock.advance(60_000);
    expect(await restarted()).toBe(begun[0]);
  });
});
