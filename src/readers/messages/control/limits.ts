import type { ReaderCommand } from '../../commands/command.ts';
import type { ModeSettings } from '../../profile/command-profile.ts';
import type { MessageProfile } from '../../profile/message-profile.ts';
import type { Wanted } from './mode.ts';

/** A setting that lies outside of what the reader can be set to, and what it can. */
export type SettingProblem = { readonly key: keyof Wanted; readonly found: unknown; readonly allowed: string };

const elsewhere = 'nothing: this reader is set on its own page';

/** What of the settings the reader cannot be set to; nothing of it is ever sent. */
export function settingProblems({ commands, antennas }: MessageProfile, wanted: Wanted): SettingProblem[] {
  const mode = commands?.mode;
  const problems: SettingProblem[] = [];
  const refuse = (key: keyof Wanted, allowed: string | null) => {
    if (wanted[key] !== undefined && allowed !== null) problems.push({ key, found: wanted[key], allowed });
  };
  refuse('region', 'nothing: the region of this reader is set on its own page');
  refuse('q', mode === undefined ? elsewhere : 'nothing: this reader chooses Q itself');
  refuse('session', mode?.session === undefined ? elsewhere : null);
  refuse('power', mode?.power === undefined ? elsewhere : powerLimit(mode.power, wanted.power));
  refuse('antennaPower', antennaPowerLimit(mode, wanted));
  refuse('antennas', antennasLimit(mode, wanted, antennas));
  refuse('filter', filterLimit(mode, wanted));
  return problems;
}

/** The same for a command, as one plain sentence; null when nothing is wrong. */
export function messageProblemOf(profile: MessageProfile): (command: ReaderCommand) => string | null {
  return (command) => {
    if (command.command === 'configure') return configureProblem(profile, command.settings);
    const antenna = 'antenna' in command ? command.antenna : undefined;
    return antenna !== undefined && antenna > profile.antennas ? `This reader has no antenna ${antenna}.` : null;
  };
}

function configureProblem(profile: MessageProfile, wanted: Wanted): string | null {
  // Where there is no way to set anything, `unsupported` says it better.
  const [problem] = profile.commands?.mode === undefined ? [] : settingProblems(profile, wanted);
  return problem === undefined ? null : `${problem.key}: allowed is ${problem.allowed}.`;
}

function powerLimit({ minDbm, maxDbm, stepDbm, source }: NonNullable<ModeSettings['power']>, power = minDbm) {
  const steps = (power - minDbm) / stepDbm;
  if (power >= minDbm && power <= maxDbm && Math.abs(steps - Math.round(steps)) < 1e-6) return null;
  return `${minDbm} to ${maxDbm} dBm in steps of ${stepDbm} (${source})`;
}

function antennaPowerLimit(mode: ModeSettings | undefined, { antennaPower = {} }: Wanted): string | null {
  const power = mode?.power;
  if (power === undefined) return elsewhere;
  const perPort = power.perPort === true || mode?.ports?.port !== undefined;
  if (!perPort) return 'nothing: one power holds for all of this reader';
  return (
    Object.values(antennaPower)
      .map((dbm) => powerLimit(power, dbm))
      .find((limit) => limit !== null) ?? null
  );
}

function antennasLimit(mode: ModeSettings | undefined, { antennas = [] }: Wanted, most: number): string | null {
  if (mode?.ports === undefined) return antennas.every((port) => port <= most) && most === 1 ? null : elsewhere;
  return antennas.every((port) => port <= most) ? null : `ports 1 to ${most}`;
}

function filterLimit(mode: ModeSettings | undefined, { filter, session }: Wanted): string | null {
  if (mode?.filter === undefined) return elsewhere;
  if (filter?.bank !== 'epc' || filter.bit !== mode.filter.bit)
    return `bank epc and bit ${mode.filter.bit}: this reader filters by the beginning of the EPC`;
  const clash =
    session !== undefined && (mode.filter.without ?? []).some((path) => mode.session?.path.startsWith(path));
  return clash ? 'a filter or a session: this reader cannot have both' : null;
}
