import { silentLog } from '../../src/kit/index.ts';
import type { Profile } from '../../src/profiles/index.ts';
import type { ByteProfile } from '../../src/protocols/vocabulary/byte-profile.ts';
import type { LineProfile } from '../../src/protocols/vocabulary/line-profile.ts';
import { openByteReader } from '../../src/readers/bytes/byte-reader.ts';
import { openLineReader } from '../../src/readers/lines/line-reader.ts';
import { createByteSimulator } from '../../src/simulators/byte-simulator.ts';
import type { Noise } from '../../src/simulators/index.ts';
import { createLineSimulator } from '../../src/simulators/line-simulator.ts';
import type { Faults } from '../../src/simulators/simulator.ts';
import { createSupervision } from '../../src/supervision/supervise.ts';
import { type ReadBatch, readsOf, type TagRead } from '../../src/tags/index.ts';
import { manualClock } from './manual-clock.ts';
import { memoryLine } from './memory-line.ts';

const epcs = ['3034257BF7194E4000001A85', 'E28011700000020A7B2C4D5E'];
const uids: Readonly<Record<string, string[]>> = {
  'nxp/pn532': ['04A035B2BC2B80', '078CFC4F'],
  'seeed/rdm6300': ['1F00644BB6', '000414CD7E'],
  'innovations/id12': ['1F00644BB6', '000414CD7E'],
  'generic/line-decimal': ['00644BB6', '0414CD7E'],
  'feig/obid': ['E00401001234ABCD', 'E00700000112C014'],
  'feig/obid-standard': ['E00401001234ABCD', 'E00700000112C014'],
  'gwiot/7941e': ['2E00B6D7B5', '2E00B6A302'],
  'gwiot/7941w': ['A1B2C3D4', '2E00B6A302'],
  'generic/fdx-b': ['03843A3529A171', '03E70000000001'],
};
/** What the simulated tags of a family are called. */
export function idsOf({ id }: Profile): string[] {
  return uids[id] ?? epcs;
}

function setRegion(profile: ByteProfile | LineProfile) {
  const region = profile.kind === 'bytes' && profile.commands.setRegion ? Object.keys(profile.regions)[0] : undefined;
  const power = profile.kind === 'bytes' && profile.commands.setPower ? profile.power.maxDbm : undefined;
  return { ...(region === undefined ? {} : { region }), ...(power === undefined ? {} : { power }) };
}

/** A reader of that profile and its simulated device, joined in virtual time. */
export function scene(
  profile: ByteProfile | LineProfile,
  noise: Noise = {},
  antennas = ['1'],
  rate = 50,
  faults: Faults = {},
) {
  const clock = manualClock();
  let seed = 7;
  const random = () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return seed / 2 ** 32;
  };
  const tags = idsOf(profile).map((epc) => ({ epc, antenna: 1, rssi: -50 }));
  const behaviour = { tags, rate, noise, faults, clock, random };
  const device =
    profile.kind === 'bytes' ? createByteSimulator(profile, behaviour) : createLineSimulator(profile, behaviour);
  const line = memoryLine(device, clock.now);
  const reads: TagRead[] = [];
  const config = {
    id: 'one',
    profile: profile.id,
    link: { serial: { path: '/dev/ttyUSB0' } },
    antennas: Object.fromEntries(antennas.map((port) => [port, 'desk'])),
    ...setRegion(profile),
  };
  const shared = {
    config,
    openBytes: line.open,
    clock,
    log: silentLog,
    onReads: async (batch: ReadBatch) => void reads.push(...readsOf(batch)),
  };
  const reader =
    profile.kind === 'bytes'
      ? openByteReader({ supervise: createSupervision, ...shared, profile })
      : openLineReader({ supervise: createSupervision, ...shared, profile });
  return { clock, device, line, reads, reader };
}
