import type { MessageProfile } from '../../../protocols/index.ts';
import type { ReaderCommand } from '../../commands/command.ts';
import { commandsOf } from '../dialects.ts';
import type { SettingLimits, Wanted } from './dialect.ts';

/** A setting that lies outside of what the reader can be set to, and what it can. */
type SettingProblem = { readonly key: keyof Wanted; readonly found: unknown; readonly allowed: string };

const elsewhere = 'nothing: this reader is set on its own page';

/** What of the settings the reader cannot be set to; nothing of it is ever sent. */
export function settingProblems(profile: MessageProfile, wanted: Wanted): SettingProblem[] {
  const limits = commandsOf(profile)?.limits ?? null;
  const problems: SettingProblem[] = [];
  const refuse = (key: keyof Wanted, allowed: string | null) => {
    if (wanted[key] !== undefined && allowed !== null) problems.push({ key, found: wanted[key], allowed });
  };
  refuse('region', 'nothing: the region of this reader is set on its own page');
  refuse('q', limits === null ? elsewhere : 'nothing: this reader chooses Q itself');
  refuse('session', limits === null ? elsewhere : null);
  refuse('power', limits === null ? elsewhere : powerLimit(limits.power, wanted.power));
  refuse('antennaPower', limits === null ? elsewhere : antennaPowerLimit(limits, wanted));
  refuse('antennas', antennasLimit(limits, wanted, profile.antennas));
  refuse('filter', limits?.filter !== true ? elsewhere : filterLimit(wanted));
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
  const [problem] = commandsOf(profile) === null ? [] : settingProblems(profile, wanted);
  return problem === undefined ? null : `${problem.key}: allowed is ${problem.allowed}.`;
}

function powerLimit({ minDbm, maxDbm, stepDbm, source }: SettingLimits['power'], power = minDbm): string | null {
  const steps = (power - minDbm) / stepDbm;
  if (power >= minDbm && power <= maxDbm && Math.abs(steps - Math.round(steps)) < 1e-6) return null;
  return `${minDbm} to ${maxDbm} dBm in steps of ${stepDbm} (${source})`;
}

function antennaPowerLimit(limits: SettingLimits, { antennaPower = {} }: Wanted): string | null {
  if (!limits.antennaPower) return 'nothing: one power holds for all of this reader';
  const wrong = Object.values(antennaPower).map((dbm) => powerLimit(limits.power, dbm));
  return wrong.find((limit) => limit !== null) ?? null;
}

function antennasLimit(limits: SettingLimits | null, { antennas = [] }: Wanted, most: number): string | null {
  const exist = antennas.every((port) => port <= most);
  if (limits?.antennas !== true) return exist && most === 1 ? null : elsewhere;
  return exist ? null : `ports 1 to ${most}`;
}

function filterLimit({ filter, session }: Wanted): string | null {
  if (filter?.bank !== 'epc' || filter.bit !== 32)
    return 'bank epc and bit 32: this reader filters by the beginning of the EPC';
  return session === undefined ? null : 'a filter or a session: this reader cannot have both';
}
