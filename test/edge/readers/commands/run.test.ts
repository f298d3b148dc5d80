import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandErrors } from '../../../../src/protocols/command-error.ts';
import type { ReaderCommand } from '../../../../src/readers/commands/command.ts';
import { type Fault, tagBench } from './tag-bench.ts';

const epc = '3034257BF7194E4000001A85';
const other = '3034257BF7194E4000001A86';
const tag = { epc };

describe('a command on a tag', () => {
  it('writes an EPC, holds the tag by its TID meanwhile, and says done after reading it back', async () => {
    const bench = tagBench({ epc });
    const result = await bench.run({ command: 'writeEpc', tag, epc: other });
    expect(result).toMatchObject({ outcome: 'done', error: null, epc: other, tid: bench.tag.tid });
    expect(result.steps.map(({ step }) => step)).toEqual(['read TID', 'read PC', 'look', 'write', 'verify']);
    expect(bench.tag.epc()).toBe(other);
    expect(bench.resting()).toBe(0);
  });

  it('gives the PC the length of a longer EPC and keeps its other bits', async () => {
    const bench = tagBench({ epc });
    bench.tag.write('epc', 1, '3400', null);
    const long = `${other}0000BEEF`;
    expect(await bench.run({ command: 'writeEpc', tag, epc: long })).toMatchObject({ outcome: 'done', epc: long });
    expect(bench.tag.pc()).toBe('4400');
  });

  it('finds the tag by its new EPC where the reader cannot select by TID', async () => {
    const bench = tagBench({ epc }, () => undefined, ['epc']);
    expect(await bench.run({ command: 'writeEpc', tag, epc: other })).toMatchObject({ outcome: 'done', tid: null });
    expect(
      await bench.run({ command: 'readMemory', tag: { tid: bench.tag.tid }, bank: 'tid', word: 0, words: 2 }),
    ).toMatchObject({ outcome: 'refused', error: 'unsupported' });
  });

  it('does not write what is there already', async () => {
    const bench = tagBench({ epc });
    expect((await bench.run({ command: 'writeEpc', tag, epc })).outcome).toBe('done');
    expect(bench.calls).not.toContain('write');
  });

  it('refuses an EPC that the tag has no room for before anything is written', async () => {
    const bench = tagBench({ epc });
    expect(await bench.run({ command: 'writeEpc', tag, epc: '3034'.repeat(20) })).toMatchObject({
      outcome: 'failed',
      error: 'memory',
    });
    expect(bench.calls).not.toContain('write');
  });

  it('sets both passwords, locks with the new one, and is refused with a wrong one', async () => {
    const bench = tagBench({ epc });
    expect((await bench.run({ command: 'setPasswords', tag, access: '12345678', kill: '0badcafe' })).outcome).toBe(
      'done',
    );
    const lock = { command: 'lock', tag, lock: { epc: 'lock', accessPassword: 'permanentLock' } } as const;
    expect(await bench.run(lock)).toMatchObject({ outcome: 'refused', error: 'parameter' });
    expect(await bench.run({ ...lock, password: '12345679' })).toMatchObject({
      outcome: 'failed',
      error: 'badPassword',
    });
    const locked = await bench.run({ ...lock, password: '12345678' });
    expect(locked).toMatchObject({ outcome: 'done' });
    expect(locked.steps.map(({ step }) => step)).toEqual(['lock', 'try accessPassword', 'try epc']);
    expect(await bench.run({ command: 'writeEpc', tag, epc: other })).toMatchObject({
      outcome: 'failed',
      error: 'locked',
      epc,
    });
    expect((await bench.run({ command: 'writeEpc', tag, epc: other, password: '12345678' })).outcome).toBe('done');
  });

  it('is unsure, not failed, when the second password cannot be set after the first was, whatever the reader said of the first', async () => {
    const silent: Fault = { error: 'timeout', sent: true, done: true };
    const locked: Fault = { error: 'locked', sent: true, done: false };
    // Steps: look, write, verify for the kill password, then the same for the access password.
    const bench = tagBench({ epc }, (index) => (index === 1 ? silent : index === 4 ? locked : undefined));
    const result = await bench.run({ command: 'setPasswords', tag, access: '12345678', kill: '0BADCAFE' });
    expect(result).toMatchObject({ outcome: 'unsure', error: 'locked' });
    expect(bench.tag.read('reserved', 0, 2, null)).toEqual({ ok: true, data: '0BADCAFE' });
  });

  it('never shows a password in what it tells', async () => {
    const bench = tagBench({ epc });
    const result = await bench.run({ command: 'setPasswords', tag, access: '12345678', kill: '0BADCAFE' });
    expect(JSON.stringify(result)).not.toMatch(/12345678|0BADCAFE/i);
  });

  it('says unsure when the first password was written, though its answer was lost, and the second was not', async () => {
    const lost: Fault = { error: 'timeout', sent: true, done: true };
    const gone: Fault = { error: 'noTag', sent: true, done: false };
    const bench = tagBench({ epc }, (index) => [undefined, lost, undefined, gone][index]);
    const result = await bench.run({ command: 'setPasswords', tag, access: '12345678', kill: '0BADCAFE' });
    expect(result).toMatchObject({ outcome: 'unsure', error: 'noTag' });
    expect(bench.tag.read('reserved', 0, 4, null)).toEqual({ ok: true, data: '0BADCAFE00000000' });
  });

  it('says failed and not done when a kill leaves the tag alive, and done when it is gone', async () => {
    const bench = tagBench({ epc });
    expect(await bench.run({ command: 'kill', tag, killPassword: '00000000' })).toMatchObject({ outcome: 'refused' });
    await bench.run({ command: 'setPasswords', tag, kill: '0BADCAFE' });
    expect(await bench.run({ command: 'kill', tag, killPassword: '11111111' })).toMatchObject({
      outcome: 'failed',
      error: 'badPassword',
    });
    expect(bench.tag.isAlive()).toBe(true);
    expect((await bench.run({ command: 'kill', tag, killPassword: '0BADCAFE' })).outcome).toBe('done');
    expect(bench.tag.isAlive()).toBe(false);
  });

  it('refuses a second command while one is under way', async () => {
    const bench = tagBench({ epc });
    const [first, second] = await Promise.all([
      bench.run({ command: 'writeEpc', tag, epc: other }),
      bench.run({ command: 'readMemory', tag, bank: 'tid', word: 0, words: 6 }),
    ]);
    expect([first.outcome, second.outcome, second.error]).toEqual(['done', 'refused', 'busy']);
  });
});

const anyFault: fc.Arbitrary<Fault> = fc.record({
  error: fc.constantFrom(...commandErrors),
  sent: fc.boolean(),
  done: fc.boolean(),
});
/** A step that never went out cannot have been done. */
const faults = fc
  .array(fc.option(anyFault, { nil: undefined }), { maxLength: 8 })
  .map((list) => list.map((fault) => (fault === undefined || fault.sent ? fault : { ...fault, done: false })));
type Bench = ReturnType<typeof tagBench>;
const writes: fc.Arbitrary<{ command: ReaderCommand; isDone: (bench: Bench) => boolean }> = fc.constantFrom(
  { command: { command: 'writeEpc', tag, epc: other } as const, isDone: (bench: Bench) => bench.tag.epc() === other },
  {
    command: { command: 'writeMemory', tag, bank: 'user', word: 2, data: 'CAFEBABE' } as const,
    isDone: ({ tag: it }: Bench) => JSON.stringify(it.read('user', 2, 2, null)).includes('CAFEBABE'),
  },
  {
    command: { command: 'setPasswords', tag, access: '12345678', kill: '0BADCAFE' } as const,
    isDone: ({ tag: it }: Bench) => JSON.stringify(it.read('reserved', 0, 4, '12345678')).includes('0BADCAFE12345678'),
  },
);

describe('with failures at any step', () => {
  it('no half-done write is reported as done, and what is said to have failed left the tag as it was', async () => {
    await fc.assert(
      fc.asyncProperty(writes, faults, async ({ command, isDone }, list) => {
        const bench = tagBench({ epc }, (index) => list[index]);
        const before = JSON.stringify([
          bench.tag.epc(),
          bench.tag.read('user', 0, 8, null),
          bench.tag.read('reserved', 0, 4, null),
        ]);
        const { outcome } = await bench.run(command);
        const after = JSON.stringify([
          bench.tag.epc(),
          bench.tag.read('user', 0, 8, null),
          bench.tag.read('reserved', 0, 4, null),
        ]);
        if (outcome === 'done') expect(isDone(bench)).toBe(true);
        // A fault that claims a refusal of the tag while the tag obeyed is a liar no gateway can see through.
        const honest = list.every(
          (fault) =>
            fault === undefined || !fault.done || ['timeout', 'noTag', 'tag', 'internal'].includes(fault.error),
        );
        if (outcome === 'refused' || (outcome === 'failed' && honest)) expect(after).toBe(before);
        expect(bench.resting()).toBe(0);
      }),
      { numRuns: Number(process.env['RUNS'] ?? 3000) },
    );
  });
});
