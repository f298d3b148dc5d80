import type { LineProfile } from '../../src/protocols/vocabulary/line-profile.ts';
import type { ReaderCommand } from '../../src/readers/commands/command.ts';
import { openLineReader } from '../../src/readers/lines/line-reader.ts';
import type { ReaderOptions } from '../../src/readers/options.ts';
import { createLineSimulator } from '../../src/simulators/line-simulator.ts';
import { createSupervision } from '../../src/supervision/supervise.ts';
import { type ReadBatch, readsOf, type TagRead } from '../../src/tags/index.ts';
import { keptLog, type Logged, untilTold } from './command-scene.ts';
import { manualClock } from './manual-clock.ts';
import { memoryLine } from './memory-line.ts';

export { neighbour, wanted } from './command-scene.ts';

/** What goes wrong with one line that the gateway sends. */
export type LineFault = 'silence' | 'lostAnswer' | 'cutAnswer' | 'unplug' | 'unplugAfter';

/** A reader of lines on command and its simulated device, in virtual time. */
export function lineScene(profile: LineProfile, epcs: readonly string[], more: Partial<ReaderOptions> = {}) {
  const clock = manualClock();
  const tags = epcs.map((epc) => ({ epc, antenna: 1, rssi: -50 }));
  const device = createLineSimulator(profile, { tags, rate: 20, clock, random: () => 0.5 });
  const said: string[] = [];
  const faulty = faultyDevice(device, said);
  const line = memoryLine(faulty, clock.now);
  faulty.cut = () => {
    line.unplug();
    clock.after(2_000, line.plug);
  };
  const reads: TagRead[] = [];
  const lines: Logged[] = [];
  const config = {
    id: 'desk',
    profile: profile.id,
    link: { serial: { path: '/dev/ttyUSB0' } },
    antennas: { '1': 'desk' },
    ...more,
  };
  const log = keptLog(lines);
  const onReads = async (batch: ReadBatch) => void reads.push(...readsOf(batch));
  const reader = openLineReader({
    supervise: createSupervision,
    config,
    profile,
    openBytes: line.open,
    clock,
    log,
    onReads,
  });
  const run = (command: ReaderCommand) => untilTold(clock, reader.command(command));
  return { clock, device, faulty, line, said, reads, lines, reader, run };
}

function faultyDevice(device: ReturnType<typeof createLineSimulator>, said: string[]) {
  let send: (bytes: Uint8Array) => void = () => undefined;
  let hears: (bytes: Uint8Array) => void = (bytes) => send(bytes);
  const hearing = (instead: (bytes: Uint8Array) => void, run: () => void) => {
    hears = instead;
    run();
    hears = (bytes) => send(bytes);
  };
  const self = {
    cut: (): void => undefined,
    fault: (_line: string): LineFault | undefined => undefined,
    connect: (to: (bytes: Uint8Array) => void) => {
      send = to;
      device.connect((bytes) => hears(bytes));
    },
    disconnect: device.disconnect,
    receive: (bytes: Uint8Array) => {
      const line = Buffer.from(bytes).toString('latin1').trim();
      said.push(line);
      const obey = () => device.receive(bytes);
      const fault = self.fault(line);
      if (fault === undefined) obey();
      if (fault === 'lostAnswer' || fault === 'unplugAfter') hearing(() => undefined, obey);
      // The end of the group never comes.
      if (fault === 'cutAnswer') hearing((told) => (told[0] === 0x4f ? undefined : send(told)), obey);
      if (fault?.startsWith('unplug') === true) self.cut();
    },
  };
  return self;
}
