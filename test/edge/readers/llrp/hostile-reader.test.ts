import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { silentLog } from '../../../../src/kit/index.ts';
import type { ByteLinkEvents } from '../../../../src/links/index.ts';
import type { ReaderCommand } from '../../../../src/readers/commands/command.ts';
import { openLlrpReader } from '../../../../src/readers/llrp/llrp-reader.ts';
import { createLlrpDevice } from '../../../../src/simulators/llrp/simulated-device.ts';
import { createSupervision } from '../../../../src/supervision/supervise.ts';
import { manualClock } from '../../../fakes/manual-clock.ts';
import { memoryLine } from '../../../fakes/memory-line.ts';
import { llrpProfile, tags } from './scene.ts';

const MESSAGES = Number(process.env['FRAMES'] ?? 60_000);
const folder = join(import.meta.dirname, '../../../captures');
const samples = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => /^llrp-.*\.hex$/.test(file))
  .map((file) => Buffer.from(readFileSync(join(folder, file), 'latin1').trim(), 'hex'))
  .filter((bytes) => bytes.length < 400);

/** Whole numbers below a limit, the same ones every time. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * below);
  };
}

const [first] = tags.map(({ epc }) => ({ epc })) as [{ epc: string }];
const commands: readonly ReaderCommand[] = [
  { command: 'identify' },
  { command: 'stop' },
  { command: 'start' },
  { command: 'configure', settings: { power: 20, session: 2 } },
  { command: 'readMemory', tag: first, bank: 'tid', word: 0, words: 2 },
  { command: 'writeMemory', tag: first, bank: 'user', word: 0, data: 'CAFE' },
];

/** A device whose every word is changed with a chance of one in `oneIn`, and answers are among what is said. */
function liar(oneIn: () => number, random: (below: number) => number) {
  const clock = manualClock();
  const device = createLlrpDevice(llrpProfile('generic/llrp'), { tags, rate: 20, clock, random: Math.random });
  const lie = (bytes: Uint8Array) => {
    const told = Buffer.from(bytes);
    if (oneIn() > 0 && random(oneIn()) === 0) told[random(told.length)] = random(256);
    return told;
  };
  const connect = (send: (bytes: Uint8Array) => void) =>
    queueMicrotask(() => device.connect((bytes) => send(lie(bytes))));
  const line = memoryLine({ connect, receive: device.receive, disconnect: device.disconnect }, clock.now);
  return { clock, device, line };
}

test('a reader that says a great many things wrongly breaks nothing, and is read again when it says them right', async () => {
  const random = createRandom(7);
  let oneIn = 3;
  const { clock, line } = liar(() => oneIn, random);
  let count = 0;
  const reader = openLlrpReader({
    supervise: createSupervision,
    config: {
      id: 'r1',
      profile: 'generic/llrp',
      link: { tcp: { host: '10.0.0.5', port: 5084 } },
      antennas: { '1': 'here', '2': 'there' },
    },
    profile: llrpProfile('generic/llrp'),
    openBytes: (events: ByteLinkEvents) => line.open(events),
    clock,
    log: silentLog,
    onReads: async (reads) => {
      count += reads.size;
    },
  });
  reader.start();
  let ended = 0;
  let heap = 0;
  for (let i = 0; i < MESSAGES; i++) {
    const sample = Buffer.from(samples[random(samples.length)] ?? []);
    for (let changes = random(3); changes > 0; changes--) sample[random(sample.length)] = random(256);
    line.say(sample);
    if (i % 100 !== 0) continue;
    const command = commands[random(commands.length)];
    if (command !== undefined) void reader.command(command).then(() => (ended += 1));
    await clock.advance(400);
    // What is kept for good (counters by reason, antennas that were named) is there after the first tenth.
    if (i < MESSAGES / 10) heap = process.memoryUsage().heapUsed;
  }
  expect(Object.keys(reader.status().rejected).length).toBeGreaterThan(5);
  expect(process.memoryUsage().heapUsed - heap).toBeLessThan(150_000_000);

  oneIn = 0;
  await clock.advance(60_000);
  expect(ended).toBe(Math.ceil(MESSAGES / 100));
  line.unplug();
  line.plug();
  await clock.advance(60_000);
  await Promise.all([reader.command({ command: 'start' }), clock.advance(30_000)]);
  const before = count;
  await clock.advance(5_000);
  expect(count).toBeGreaterThan(before + 50);
  const stopped = reader.stop();
  await clock.advance(10_000);
  await stopped;
}, 600_000);
