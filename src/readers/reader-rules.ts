import { type Problem, zoneProblems } from '../kit/index.ts';
import type { Profile, Profiles } from '../profiles/index.ts';
import { type ByteProfile, regions as llrpRegions } from '../protocols/index.ts';
import { settingProblems } from './bytes/limits.ts';
import { lineConfigProblems } from './lines/line-rules.ts';
import { messageProblems } from './messages/message-rules.ts';
import type { ReaderOptions } from './options.ts';
import { tcpProblems } from './tcp-rules.ts';

/** What a reader's configuration asks for that its profile does not have; pointers start at the reader's own object. */
export function problemsWith(profiles: Profiles, reader: ReaderOptions): Problem[] {
  const all = profiles.all();
  const profile = all.find(({ id }) => id === reader.profile);
  if (profile !== undefined) return readerProblems(reader, profile);
  return [{ pointer: '/profile', found: reader.profile, allowed: `one of ${all.map(({ id }) => id).join(', ')}` }];
}

/**
 * What the schema cannot say of a reader's configuration: that link, antennas, region, power and map suit the profile.
 * Pointers are relative to the reader's own object.
 */
export function readerProblems(config: ReaderOptions, profile: Profile): Problem[] {
  const own = ownProblems(config, profile);
  return [
    ...own,
    ...tcpProblems(config.link),
    ...foreignProblems(config, profile),
    ...zoneProblems('/timeZone', config.timeZone),
    ...antennaProblems(config, profile.antennas),
    ...antennaPowerProblems(config),
  ];
}

function ownProblems(config: ReaderOptions, profile: Profile): Problem[] {
  if (profile.kind === 'llrp') return llrpProblems(config, profile.id);
  if (profile.kind === 'lines') return lineConfigProblems(config, profile);
  return profile.kind === 'bytes' ? byteProblems(config, profile) : messageProblems(config, profile);
}

/** Power and ports are checked against what the reader itself says it can do, before anything is sent. */
function llrpProblems({ link, map, region }: ReaderOptions, id: string): Problem[] {
  const problems: Problem[] = [];
  if (link.tcp === undefined && link.replay === undefined) {
    problems.push({ pointer: '/link', found: Object.keys(link)[0], allowed: `tcp or replay: ${id} speaks LLRP` });
  }
  if (map !== undefined) {
    problems.push({ pointer: '/map', found: 'map', allowed: `no map: ${id} says itself where its values are` });
  }
  if (region !== undefined && !llrpRegions.includes(region)) {
    problems.push({ pointer: '/region', found: region, allowed: `one of ${llrpRegions.join(', ')}` });
  }
  return problems;
}

/** Settings that only some kinds of reader have. */
const gen2 = ['session', 'q', 'filter', 'antennaPower'] as const;
const someHave = [...gen2, 'antennaGain', 'takeOver', 'control', 'login', 'timeZone'] as const;

function foreignProblems(config: ReaderOptions, { kind, id }: Profile): Problem[] {
  return someHave
    .filter((key) => config[key] !== undefined && !settingsOf[kind].includes(key))
    .map((key) => ({ pointer: `/${key}`, found: config[key], allowed: `nothing: ${id} has no such setting` }));
}

const settingsOf: Readonly<Record<Profile['kind'], readonly string[]>> = {
  // The profile says which of them its commands can set.
  bytes: ['session', 'q', 'filter', 'antennaGain'],
  lines: ['session', 'q', 'filter', 'login'],
  messages: [...gen2, 'control', 'timeZone'],
  llrp: [...gen2, 'takeOver'],
};

function antennaProblems(config: ReaderOptions, antennas: number): Problem[] {
  return Object.keys(config.antennas)
    .filter((port) => Number(port) > antennas)
    .map((port) => ({ pointer: `/antennas/${port}`, found: port, allowed: `ports 1 to ${antennas}` }));
}

/** A power for a port that reads for no read point is a slip of the pen. */
function antennaPowerProblems({ antennas, antennaPower = {} }: ReaderOptions): Problem[] {
  return Object.keys(antennaPower)
    .filter((port) => antennas[port] === undefined)
    .map((port) => ({
      pointer: `/antennaPower/${port}`,
      found: port,
      allowed: `a port of antennas: ${Object.keys(antennas).join(', ')}`,
    }));
}

function byteProblems(config: ReaderOptions, profile: ByteProfile): Problem[] {
  const problems: Problem[] = [];
  const { mqtt, http } = config.link;
  if (mqtt !== undefined || http !== undefined) {
    const allowed = `serial, tcp or replay: ${profile.id} speaks bytes`;
    problems.push({ pointer: '/link', found: Object.keys(config.link)[0], allowed });
  }
  if (config.map !== undefined) {
    problems.push({ pointer: '/map', found: 'map', allowed: `no map: ${profile.id} says itself where its values are` });
  }
  return [...problems, ...settingProblems(profile, config)];
}
