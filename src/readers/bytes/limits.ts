import type { Problem } from '../../kit/index.ts';
import type { ByteProfile } from '../../protocols/index.ts';
import type { ReaderCommand, TagFilter } from '../commands/command.ts';
import type { ReaderOptions } from '../options.ts';
import { bankCode, says } from './mask.ts';

type Settings = {
  readonly region?: string | undefined;
  readonly power?: number | undefined;
  readonly antennaGain?: number | undefined;
  readonly session?: number | undefined;
  readonly q?: number | undefined;
  readonly filter?: TagFilter | undefined;
};

/** The profile's region of that name; undefined when there is none. */
export function regionOf(profile: ByteProfile, name: string | undefined) {
  return name !== undefined && Object.hasOwn(profile.regions, name) ? profile.regions[name] : undefined;
}

/** What a reader cannot be set to, whether the configuration asks for it or a command. */
export function settingProblems(profile: ByteProfile, settings: Settings): Problem[] {
  const region = regionOf(profile, settings.region);
  return [
    ...regionProblems(profile, settings.region),
    ...powerProblems(settings.power, profile, regionLimit(region, settings.antennaGain ?? 0)),
    ...queryProblems(profile, settings),
    ...filterProblems(profile, settings.filter),
  ];
}

function regionProblems(profile: ByteProfile, region: string | undefined): Problem[] {
  if (region === undefined) return [];
  const settable = profile.commands.setRegion !== undefined;
  if (settable && regionOf(profile, region) !== undefined) return [];
  const allowed = settable ? `one of ${Object.keys(profile.regions).join(', ')}` : 'nothing: no command sets it';
  return [{ pointer: '/region', found: region, allowed }];
}

type Region = NonNullable<ReturnType<typeof regionOf>>;
type Limit = { readonly most: number; readonly source: string | undefined };

/** What a region allows at the connector: its own limit there, and what the antenna may radiate less what it gains. */
function regionLimit(region: Region | undefined, antennaGain: number): Limit {
  const { maxDbm = Number.POSITIVE_INFINITY, maxEirpDbm = Number.POSITIVE_INFINITY, source } = region ?? {};
  return { most: Math.min(maxDbm, maxEirpDbm - antennaGain), source };
}

/** A power that the module cannot be set to, or that the region does not allow, is refused, not rounded. */
function powerProblems(power: number | undefined, { power: limits, commands }: ByteProfile, legal: Limit): Problem[] {
  const { minDbm, maxDbm, stepDbm } = limits;
  const most = Math.min(maxDbm, legal.most);
  const source = legal.most < maxDbm ? (legal.source ?? limits.source) : limits.source;
  if (power === undefined) return [];
  if (commands.setPower === undefined) return [{ pointer: '/power', found: power, allowed: `nothing: ${source}` }];
  const steps = (power - minDbm) / stepDbm;
  if (power >= minDbm && power <= most && Math.abs(steps - Math.round(steps)) < 1e-6) return [];
  const range = `${minDbm} to ${Math.floor(most * 100) / 100} dBm in steps of ${stepDbm}`;
  return [{ pointer: '/power', found: power, allowed: `${range} (${source})` }];
}

function queryProblems(profile: ByteProfile, settings: Settings): Problem[] {
  return (['session', 'q'] as const)
    .filter((key) => settings[key] !== undefined)
    .filter((key) => !says(profile, key, 'startInventory', 'setQuery', 'setSession', 'setQ'))
    .map((key) => ({
      pointer: `/${key}`,
      found: settings[key],
      allowed: `nothing: ${profile.id} has no such setting`,
    }));
}

function filterProblems(profile: ByteProfile, filter: TagFilter | undefined): Problem[] {
  if (filter === undefined) return [];
  const settable = profile.session.filter !== undefined || says(profile, 'mask', 'startInventory');
  if (!settable)
    return [{ pointer: '/filter', found: 'filter', allowed: `nothing: ${profile.id} has no such setting` }];
  if (bankCode(profile, filter.bank) !== undefined) return [];
  const allowed = `one of ${Object.keys(profile.access?.banks ?? {}).join(', ')}`;
  return [{ pointer: '/filter/bank', found: filter.bank, allowed }];
}

/** What of a command a reader cannot do, as one sentence. Its settings are judged together with those of the configuration. */
export function commandProblem(profile: ByteProfile, config: ReaderOptions, command: ReaderCommand): string | null {
  const antennas = Object.keys(config.antennas).map(Number);
  if (command.command === 'configure') {
    const { settings } = command;
    const foreign = settings.antennas?.find((port) => !antennas.includes(port));
    if (foreign !== undefined) return `Antenna ${foreign} is not in the configuration of this reader.`;
    const { region, power, antennaGain } = config;
    const standing = profile.commands.setPower === undefined ? {} : { power };
    const [problem] = settingProblems(profile, { region, antennaGain, ...standing, ...settings });
    return problem === undefined ? null : sentence(problem);
  }
  return (
    ('antenna' in command ? antennaProblem(profile, antennas, command.antenna) : null) ?? wordsProblem(profile, command)
  );
}

function sentence({ pointer, found, allowed }: Problem): string {
  return `${pointer.slice(1).replaceAll('/', ' ')}: found ${JSON.stringify(found)}, allowed: ${allowed}.`;
}

function antennaProblem(profile: ByteProfile, antennas: readonly number[], antenna: number | undefined): string | null {
  if (antenna === undefined) return null;
  if (!antennas.includes(antenna)) return `Antenna ${antenna} is not in the configuration of this reader.`;
  const chooses = profile.commands.setAntenna !== undefined;
  return chooses || profile.antennas === 1 ? null : 'This reader cannot choose the antenna of a command on a tag.';
}

function wordsProblem({ access }: ByteProfile, command: ReaderCommand): string | null {
  const most = access?.mostWords ?? 0;
  const words = command.command === 'readMemory' ? command.words : wordsWritten(command);
  return access === undefined || words <= most ? null : `This reader moves at most ${most} words at a time.`;
}

function wordsWritten(command: ReaderCommand): number {
  if (command.command === 'writeMemory') return command.data.length / 4;
  // The PC is written with the EPC.
  return command.command === 'writeEpc' ? command.epc.length / 4 + 1 : 0;
}
