import type { Problem } from '../../kit/index.ts';
import type { LineProfile } from '../../protocols/index.ts';
import type { ReaderOptions } from '../options.ts';
import { hasPlace } from './line-settings.ts';

/** What a configuration asks for that a reader of lines does not have. */
export function lineConfigProblems(config: ReaderOptions, profile: LineProfile): Problem[] {
  const { link, map, login } = config;
  const { id, session } = profile;
  const problems: Problem[] = [];
  if (link.mqtt !== undefined || link.http !== undefined) {
    problems.push({
      pointer: '/link',
      found: Object.keys(link)[0],
      allowed: `serial, tcp or replay: ${id} writes lines`,
    });
  }
  if (map !== undefined)
    problems.push({ pointer: '/map', found: 'map', allowed: `no map: ${id} has its own patterns` });
  if (login !== undefined && session.login === undefined)
    problems.push({ pointer: '/login', found: 'login', allowed: `no login: ${id} asks for none` });
  return [...problems, ...settingProblems(profile, config)];
}

type Settings = Pick<ReaderOptions, 'region' | 'power' | 'session' | 'q' | 'filter'> & {
  readonly antennas?: readonly number[] | ReaderOptions['antennas'] | undefined;
};

/** What a reader of lines cannot be set to, whether the configuration asks for it or a command. */
export function settingProblems(profile: LineProfile, settings: Settings): Problem[] {
  const { id, power: limits } = profile;
  const { region, power } = settings;
  const { minDbm, maxDbm, source } = limits;
  const problems: Problem[] = [];
  if (region !== undefined) {
    problems.push({ pointer: '/region', found: region, allowed: 'nothing: the region of this reader is fixed' });
  }
  const settable = hasPlace(profile, 'power');
  if (power !== undefined && !(settable && power >= minDbm && power <= maxDbm)) {
    const allowed = settable ? `${minDbm} to ${maxDbm} dBm (${source})` : 'nothing: its power is set on the reader';
    problems.push({ pointer: '/power', found: power, allowed });
  }
  for (const [key, place] of [
    ['session', 'session'],
    ['q', 'q'],
    ['filter', 'mask'],
  ] as const) {
    if (settings[key] === undefined || hasPlace(profile, place)) continue;
    problems.push({ pointer: `/${key}`, found: settings[key], allowed: `nothing: ${id} has no such setting` });
  }
  if (settings.filter?.bank === 'reserved') {
    problems.push({ pointer: '/filter/bank', found: 'reserved', allowed: 'one of epc, tid, user' });
  }
  return problems;
}
