import { type LineProfile, namesIn, type TextValues } from '../../protocols/index.ts';
import type { ReaderSettings, TagFilter } from '../commands/command.ts';
import type { ReaderOptions } from '../options.ts';

/** What a reader of lines is to be set to now: at first as its configuration says. */
export type LineSettings = {
  values(): TextValues;
  change(settings: ReaderSettings): void;
};

export function createLineSettings(config: ReaderOptions, profile: LineProfile): LineSettings {
  const { power, session, q, filter } = config;
  let wanted: ReaderSettings = {
    antennas: Object.keys(config.antennas).map(Number),
    ...(power === undefined ? {} : { power }),
    ...(session === undefined ? {} : { session }),
    ...(q === undefined ? {} : { q }),
    ...(filter === undefined ? {} : { filter }),
  };
  return {
    values: () => {
      const { antennas = [], filter: mask, ...rest } = wanted;
      const antennasFromZero = antennas.map((port) => port - 1).join(' ');
      return { ...rest, antennasFromZero, ...(mask === undefined ? {} : maskValues(profile, mask)) };
    },
    change: (settings) => {
      wanted = { ...wanted, ...settings };
    },
  };
}

/** What texts may say of a mask. */
export function maskValues({ control }: LineProfile, { bank, bit, mask }: TagFilter): TextValues {
  const maskBank = bank === 'reserved' ? undefined : control?.onTags?.maskBanks[bank];
  return { maskBank, maskAt: bit, mask: mask.toUpperCase(), maskBits: mask.length * 4 };
}

/** Whether set-up or inventory of the profile have a place for the value. */
export function hasPlace({ session }: LineProfile, name: string): boolean {
  return [session.poll ?? '', ...session.setUp].some((text) => namesIn(text).includes(name));
}
