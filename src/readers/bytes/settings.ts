import type { ByteProfile, Form, Operation, TemplateValues } from '../../protocols/index.ts';
import type { ReaderSettings, TagFilter } from '../commands/command.ts';
import type { ReaderOptions } from '../options.ts';
import { bankCode } from './mask.ts';

/** What a reader is to be set to, in the configuration's words; null leaves what the reader has. */
export type Wanted = {
  readonly region: string | null;
  readonly power: number | null;
  /** Ports from 1. */
  readonly antennas: readonly number[];
  readonly session: number | null;
  readonly q: number | null;
  readonly filter: TagFilter | null;
};

/** What a reader is to be set to now: at first as its configuration says. */
export type Settings = { now(): Wanted; change(settings: ReaderSettings): void; restore(wanted: Wanted): void };

export function createSettings({ region, power, antennas, session, q, filter }: ReaderOptions): Settings {
  let wanted: Wanted = {
    region: region ?? null,
    power: power ?? null,
    antennas: Object.keys(antennas).map(Number),
    session: session ?? null,
    q: q ?? null,
    filter: filter ?? null,
  };
  return {
    now: () => wanted,
    change: (settings) => {
      wanted = { ...wanted, ...settings };
    },
    restore: (before) => {
      wanted = before;
    },
  };
}

/** What command templates may say of the ports that are meant. */
export function portValues(antennas: readonly number[]): TemplateValues {
  const antennaMask = antennas.reduce((mask, port) => mask + 2 ** (port - 1), 0);
  return { antennas, antennaMask, antenna: antennas[0] ?? 1 };
}

/** Everything that is wanted, as templates name it. */
export function settingValues(profile: ByteProfile, wanted: Wanted): TemplateValues {
  const { power, antennas, session, q, filter } = wanted;
  const region = wanted.region === null ? undefined : profile.regions[wanted.region];
  return {
    ...portValues(antennas),
    rounds: profile.session.rounds ?? 0,
    ...(region === undefined ? {} : { region: region.code }),
    ...(region?.bytes === undefined ? {} : { regionBytes: region.bytes.replaceAll(' ', '') }),
    ...(power === null ? {} : powerValues(profile, power)),
    ...(session === null ? {} : { session }),
    ...(q === null ? {} : { q }),
    ...(filter === null ? {} : filterValues(profile, filter)),
  };
}

function powerValues({ power: { maxDbm } }: ByteProfile, power: number): TemplateValues {
  return { power, powerMw: Math.round(10 ** (power / 10)), attenuation: maxDbm - power };
}

/** In which forms inventory is asked for. */
export function inventoryForms({ filter, session }: Wanted): readonly Form[] {
  return [...(filter === null ? [] : ['mask' as const]), ...(session === null ? [] : ['session' as const])];
}

/** The commands that set what is wanted, in their order. */
export function settingOperations(profile: ByteProfile, wanted: Wanted): readonly Operation[] {
  const { commands, session } = profile;
  const isWanted = (key: 'region' | 'power' | 'session' | 'q') => wanted[key] !== null;
  const asked: readonly (readonly [Operation, boolean])[] = [
    ['setRegion', isWanted('region')],
    ['setPower', isWanted('power')],
    ...(session.setUp ?? []).map((operation) => [operation, true] as const),
    ['setQuery', isWanted('session') || isWanted('q')],
    ['setSession', isWanted('session')],
    ['setQ', isWanted('q')],
    ...(wanted.filter === null ? [] : (session.filter ?? []).map((operation) => [operation, true] as const)),
  ];
  return asked.flatMap(([operation, needed]) => (needed && commands[operation] !== undefined ? [operation] : []));
}

function filterValues(profile: ByteProfile, { bank, bit, mask }: TagFilter): TemplateValues {
  const maskBank = bankCode(profile, bank);
  return { maskAt: bit, mask: mask.toUpperCase(), ...(maskBank === undefined ? {} : { maskBank }) };
}
