import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { said } from '../../../src/kit/index.ts';
import {
  type LinkMessage,
  openRecorder,
  openReplay,
  type RecordedEvent,
  readRecording,
} from '../../../src/links/index.ts';
import { eventually } from '../../fakes/eventually.ts';
import { manualClock } from '../../fakes/manual-clock.ts';
import { realDeps, watch } from './watch.ts';

let folder = '';
let file = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'silentgate-recording-'));
  file = join(folder, 'a.ndjson');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const header = '{"silentgate":"recording","version":1,"link":"test","startedAt":1795251600000}';
const start = 1_795_251_600_000;

async function eventsOf(path: string): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const event of (await readRecording(path)).events) events.push(event);
  return events;
}

/** A recording of two chunks a second apart, one answer between them, a loss, a return, and a message. */
async function record(): Promise<void> {
  const clock = manualClock(start);
  const recorder = await openRecorder(file, { link: 'serial:test', clock });
  const events = recorder.wrap(watch().events);
  events.opened();
  events.chunk(Uint8Array.from([0xbb, 0x02]), clock.now());
  await clock.advance(500);
  recorder.sent(Uint8Array.from([0x7e]));
  await clock.advance(500);
  events.chunk(Uint8Array.from([0x22]), clock.now());
  events.lost(said('unplugged'));
  await clock.advance(1000);
  events.opened();
  recorder.message({
    topic: 'rfid/a',
    payload: Buffer.from('{}'),
    retained: false,
    redelivered: true,
    at: clock.now(),
  });
  await recorder.close();
  expect(recorder.counts()).toEqual({ recorded: 7, dropped: 0 });
}

test('a recording holds what happened, in order, with times, and only its owner can read it', async () => {
  await record();
  expect((await readRecording(file)).header).toEqual({
    silentgate: 'recording',
    version: 1,
    link: 'serial:test',
    startedAt: start,
  });
  expect(await eventsOf(file)).toEqual([
    { t: 0, event: 'opened' },
    { t: 0, dir: 'in', hex: 'bb02' },
    { t: 500, dir: 'out', hex: '7e' },
    { t: 1000, dir: 'in', hex: '22' },
    { t: 1000, event: 'lost', error: 'unplugged' },
    { t: 2000, event: 'opened' },
    { t: 2000, topic: 'rfid/a', payload: '7b7d', retained: false, redelivered: true },
  ]);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test('a file that exists is not overwritten, and one that cannot be made is told', async () => {
  await record();
  await expect(openRecorder(file, { link: 'x', clock: realDeps.clock })).rejects.toMatchObject({ code: 'CONFLICT' });
  const nowhere = join(folder, 'none', 'a');
  await expect(openRecorder(nowhere, { link: 'x', clock: realDeps.clock })).rejects.toMatchObject({
    code: 'STORE_UNAVAILABLE',
  });
});

test('beyond its size limit a recording drops and counts, and stays readable', async () => {
  const recorder = await openRecorder(file, { link: 'x', clock: realDeps.clock, maxBytes: 1000 });
  const seen = watch();
  const events = recorder.wrap(seen.events);
  for (let i = 0; i < 100; i++) events.chunk(Uint8Array.from([i]), realDeps.clock.now());
  await recorder.close();
  const { recorded, dropped } = recorder.counts();
  expect(recorded + dropped).toBe(100);
  expect(dropped).toBeGreaterThan(0);
  expect(seen.seen.bytes).toHaveLength(100);
  expect(await eventsOf(file)).toHaveLength(recorded);
  expect((await readFile(file)).length).toBeLessThanOrEqual(1000);
});

test('a wall clock that is set back leaves the recording readable', async () => {
  const clock = manualClock(start);
  const recorder = await openRecorder(file, { link: 'x', clock });
  const events = recorder.wrap(watch().events);
  await clock.advance(1000);
  events.chunk(Uint8Array.from([1]), clock.now());
  clock.set(start - 5000);
  events.chunk(Uint8Array.from([2]), clock.now());
  await recorder.close();
  expect((await eventsOf(file)).map(({ t }) => t)).toEqual([1000, 1000]);
});

test.each([
  ['{"t":1,"dir":"in","hex":"BB"}', 'upper-case hex'],
  ['{"t":1,"dir":"in","hex":"b"}', 'half a byte'],
  ['{"t":-1,"dir":"in","hex":""}', 'a negative time'],
  ['{"t":1,"dir":"in","hex":"","more":1}', 'an unknown member'],
  ['{"t":1,"event":"exploded"}', 'an unknown event'],
  ['{"t":0,"dir":"in","hex":""}', 'a time that goes back'],
  ['{"t":1,"dir":"in","he', 'a line that breaks off'],
  ['', 'an empty line'],
])('%s is refused with its line: %s', async (line) => {
  await writeFile(file, `${header}\n{"t":1,"dir":"in","hex":"00"}\n${line}\n{"t":2,"event":"opened"}\n`);
  await expect(eventsOf(file)).rejects.toMatchObject({ code: 'RECORDING_INVALID', context: { line: 3 } });
});

test('a file that is no recording, an empty one, an endless line and a missing file are refused', async () => {
  for (const text of ['', 'hello\n', '{"silentgate":"recording","version":2,"link":"x","startedAt":1}\n', '[]']) {
    await writeFile(file, text);
    await expect(readRecording(file)).rejects.toMatchObject({ code: 'RECORDING_INVALID', context: { line: 1 } });
  }
  await writeFile(file, `${header}\n${'x'.repeat(5 << 20)}`);
  await expect(eventsOf(file)).rejects.toMatchObject({ code: 'RECORDING_INVALID', context: { line: 2 } });
  await expect(readRecording(join(folder, 'none'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('a replay gives every event at its time, at the speed that was asked for', async () => {
  await record();
  const clock = manualClock(start + 1e9);
  const seen = watch();
  const messages: LinkMessage[] = [];
  const ends: (string | null)[] = [];
  const times: number[] = [];
  const events = {
    ...seen.events,
    chunk: (bytes: Uint8Array, at: number) => {
      times.push(at);
      seen.events.chunk(bytes, at);
    },
    message: async (message: LinkMessage) => void messages.push(message),
    ended: (error: string | null) => void ends.push(error),
  };
  const link = openReplay(file, { speed: 2 }, events, { ...realDeps, clock });
  link.open();
  await eventually(() => seen.seen.bytes.length === 2);
  expect(link.state().state).toBe('open');
  await clock.advance(499);
  expect(seen.seen.bytes).toEqual([0xbb, 0x02]);
  await clock.advance(1);
  await eventually(() => seen.seen.lost.length === 1);
  expect(seen.seen.bytes).toEqual([0xbb, 0x02, 0x22]);
  await clock.advance(500);
  await eventually(() => ends.length === 1);
  expect(times).toEqual([start, start + 1000]);
  expect(messages).toEqual([
    { topic: 'rfid/a', payload: Buffer.from('{}'), retained: false, redelivered: true, at: start + 2000 },
  ]);
  expect(seen.seen).toMatchObject({ opened: 2, lost: ['unplugged'] });
  await link.close();
});

test('a replay without waiting, at the time of now, plays to the bad line and names it', async () => {
  await writeFile(file, `${header}\n{"t":86400000,"dir":"in","hex":"01"}\nbroken\n`);
  const seen = watch();
  const ends: (string | null)[] = [];
  let at = 0;
  const events = {
    ...seen.events,
    chunk: (_bytes: Uint8Array, when: number) => {
      at = when;
    },
    ended: (error: string | null) => void ends.push(error),
  };
  const link = openReplay(file, { speed: Number.POSITIVE_INFINITY, times: 'now' }, events, realDeps);
  link.open();
  await eventually(() => ends.length === 1);
  expect(ends[0]).toContain('line 3');
  expect(Math.abs(at - Date.now())).toBeLessThan(60_000);
  expect(link.state()).toMatchObject({ state: 'closed', error: ends[0] });
});

test('closing stops a replay in the middle of a wait', async () => {
  await record();
  const clock = manualClock(start);
  const seen = watch();
  const link = openReplay(file, { speed: 1 }, seen.events, { ...realDeps, clock });
  link.open();
  await eventually(() => seen.seen.bytes.length === 2);
  await link.close();
  await clock.advance(10_000);
  expect(seen.seen.bytes).toHaveLength(2);
  await expect(link.write(Uint8Array.from([1]))).rejects.toMatchObject({ code: 'LINK_LOST' });
  expect(() => openReplay(file, { speed: 0 }, seen.events, realDeps)).toThrow();
});

test('a message of 16 MiB is recorded and replayed whole', async () => {
  const recorder = await openRecorder(file, { link: 'mqtt:test', clock: realDeps.clock });
  const payload = Buffer.alloc(16 * 1024 * 1024, 0x7a);
  recorder.message({ topic: 'rfid/a', payload, retained: false, redelivered: false, at: realDeps.clock.now() });
  await recorder.close();
  expect(recorder.counts()).toEqual({ recorded: 1, dropped: 0 });
  const [event] = await eventsOf(file);
  expect(event !== undefined && 'topic' in event && event.payload === payload.toString('hex')).toBe(true);
});
