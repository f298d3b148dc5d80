import type { Problem } from '../../kit/index.ts';
import type { ReaderCommand, TagFilter } from '../commands/command.ts';
import type { ByteProfile } from '../profile/byte-profile.ts';
import { bankCode, says } from './mask.ts';

type Settings = {
  readonly region?: string | undefined;
  readonly power?: number | undefined;
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
    ...powerProblems(settings.power, profile, region?.maxDbm),
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

/** A power that the module cannot be set to is refused, not rounded. */
function powerProblems(
  power: number | undefined,
  { power: limits, commands }: ByteProfile,
  regionMost = limits.maxDbm,
): Problem[] {
  const { minDbm, maxDbm, stepDbm, source } = limits;
  const most = Math.min(maxDbm, regionMost);
  if (power === undefined) return [];
  if (commands.setPower === undefined) return [{ pointer: '/power', found: power, allowed: `nothing: ${source}` }];
  const steps = (power - minDbm) / stepDbm;
  if (power >= minDbm && power <= most && Math.abs(steps - Math.round(steps)) < 1e-6) return [];
  return [{ pointer: '/power', found: power, allowed: `${minDbm} to ${most} dBm in steps of ${stepDbm} (${source})` }];
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

/** What of a command a reader cannot do, as one sentence; `antennas` are the ports that the configuration names. */
export function commandProblem(
  profile: ByteProfile,
  antennas: readonly number[],
  command: ReaderCommand,
): string | null {
  if (command.command === 'configure') {
    const { settings } = command;
    const foreign = settings.antennas?.find((port) => !antennas.includes(port));
    if (foreign !== undefined) return `Antenna ${foreign} is not in the configuration of this reader.`;
    const [problem] = settingProblems(profile, settings);
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
