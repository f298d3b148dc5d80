import { join } from 'node:path';
import { silentLog } from '../../../../src/kit/index.ts';
import { loadProfiles } from '../../../../src/profiles/index.ts';
import type { LlrpProfile } from '../../../../src/protocols/vocabulary/llrp-profile.ts';
import type { ReaderCommand } from '../../../../src/readers/commands/command.ts';
import type { CommandResult } from '../../../../src/readers/commands/result.ts';
import type { Pressure, ReaderOptions } from '../../../../src/readers/index.ts';
import { openLlrpReader } from '../../../../src/readers/llrp/llrp-reader.ts';
import { createLlrpDevice } from '../../../../src/simulators/llrp/simulated-device.ts';
import type { SimulatedTag } from '../../../../src/simulators/simulator.ts';
import { createSupervision } from '../../../../src/supervision/supervise.ts';
import { type ReadBatch, readsOf, type TagRead } from '../../../../src/tags/index.ts';
import { manualClock } from '../../../fakes/manual-clock.ts';
import { memoryLine } from '../../../fakes/memory-line.ts';

const shipped = join(import.meta.dirname, '../../../../firmware-profiles');
export const profiles = loadProfiles([join(shipped, 'generic/llrp.json'), join(shipped, 'impinj/llrp.json')]);

export function llrpProfile(id: 'generic/llrp' | 'impinj/llrp'): LlrpProfile {
  const profile = profiles.get(id);
  if (profile.kind !== 'llrp') throw new Error(`${id} is no LLRP profile`);
  return profile;
}

export const tags: SimulatedTag[] = [
  { epc: '3034257BF7194E4000001A85', antenna: 1, rssi: -50 },
  { epc: 'E28011700000020A7B2C4D5E', antenna: 2, rssi: -60 },
  { epc: '85047000049050503155303400702300', antenna: 1, rssi: -70 },
];

export type Scene = {
  readonly tags?: readonly SimulatedTag[];
  /** Gives [0, 1); always a half where it is left out. */
  readonly random?: () => number;
  readonly profile?: 'generic/llrp' | 'impinj/llrp';
  readonly config?: Partial<ReaderOptions>;
  readonly rate?: number;
  readonly onReads?: (reads: TagRead[]) => Promise<void>;
  readonly pressure?: Pressure;
};

/** A reader and a simulated device on one line, in virtual time. */
export function scene({
  profile: id = 'generic/llrp',
  config = {},
  rate = 10,
  onReads,
  pressure = () => null,
  ...field
}: Scene = {}) {
  const profile = llrpProfile(id);
  const clock = manualClock();
  const device = createLlrpDevice(profile, { tags, rate, clock, random: () => 0.5, ...field });
  // As on a wire, the greeting comes after the line has said that it is open.
  const connect = (send: (bytes: Uint8Array) => void) => queueMicrotask(() => device.connect(send));
  const line = memoryLine({ connect, receive: device.receive, disconnect: device.disconnect }, clock.now);
  const reads: TagRead[] = [];
  const reader = openLlrpReader({
    supervise: createSupervision,
    config: {
      id: 'r1',
      profile: id,
      link: { tcp: { host: '10.0.0.5', port: 5084 } },
      antennas: { '1': 'here', '2': 'there' },
      ...config,
    },
    profile,
    pressure,
    openBytes: line.open,
    clock,
    log: silentLog,
    onReads:
      onReads === undefined
        ? async (batch: ReadBatch) => void reads.push(...readsOf(batch))
        : (batch) => onReads(readsOf(batch)),
  });
  /** Names of the requests that were sent, without acknowledgements. */
  const sent = () =>
    line.written.map((hex) => Number.parseInt(hex.slice(0, 4), 16) & 0x3ff).filter((type) => type !== 72);
  return { clock, device, line, reads, reader, sent };
}

/** A reader that runs; `ask` gives a command and lets time pass until it has come to an end. */
export async function running(given: Scene = {}) {
  const it = scene({ rate: 50, ...given });
  it.reader.start();
  await it.clock.advance(1_000);
  const ask = async (command: ReaderCommand): Promise<CommandResult> => {
    const results: CommandResult[] = [];
    void it.reader.command(command).then((result) => results.push(result));
    for (let i = 0; i < 600 && results.length === 0; i++) await it.clock.advance(100);
    const [result] = results;
    if (result === undefined) throw new Error('the command never came to an end');
    return result;
  };
  return { ...it, ask };
}
